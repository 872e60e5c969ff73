package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A completeness mark: every record received before a given time is listed in the archive.
 * Immutable.
 *
 * @param arrivedUpToMillis the time at which the end offsets were asked for, milliseconds
 * @param topics by name, the ranges that the manifest lists without a gap: all partitions of the
 *     topic that has the name now, up to the end of the log at that time; and those of topics that
 *     had the name before, as far as they were archived
 */
public record Completeness(
    @JsonProperty("arrivedUpToMillis") long arrivedUpToMillis,
    @JsonProperty("topics") Map<String, List<TopicRange>> topics) {
  public Completeness {
    Map<String, List<TopicRange>> copy = new TreeMap<>();
    requireNonNull(topics, "topics")
        .forEach((topic, ranges) -> copy.put(topic, List.copyOf(ranges)));
    topics = Collections.unmodifiableMap(copy);
  }

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that, UNSUPPORTED if it is of another
   *     layout
   */
  public static Completeness fromJson(String json) {
    return ArchiveJson.read(json, Completeness.class, "a completeness mark");
  }
}
