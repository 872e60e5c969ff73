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
 * @param arrivedUpToMillis when Kafka was asked for the end offsets, in milliseconds since the
 *     epoch
 * @param topics by topic name, the offsets that the manifest lists without a gap. For the topic
 *     that has the name now these are all its partitions, up to the end of the log at that time.
 *     For topics that had the name before it is what was archived of them.
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
