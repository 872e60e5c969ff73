package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says that the archive lists every record that had arrived at a time. Immutable.
 *
 * @param arrivedUpToMillis the time at which the end offsets were asked for, milliseconds
 * @param endOffsets by topic and partition, the end of the log at that time, exclusive; the
 *     manifest lists all offsets below it
 */
public record Completeness(
    @JsonProperty("arrivedUpToMillis") long arrivedUpToMillis,
    @JsonProperty("endOffsets") Map<String, Map<Integer, Long>> endOffsets) {
  public Completeness {
    Map<String, Map<Integer, Long>> copy = new TreeMap<>();
    requireNonNull(endOffsets, "endOffsets")
        .forEach(
            (topic, ends) -> copy.put(topic, Collections.unmodifiableMap(new TreeMap<>(ends))));
    endOffsets = Collections.unmodifiableMap(copy);
  }

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that
   */
  public static Completeness fromJson(String json) {
    return ArchiveJson.read(json, Completeness.class, "a completeness mark");
  }
}
