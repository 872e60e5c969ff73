package io.starfire.batch.input;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run reads, fixed when it begins: it makes the run repeatable, and tells later which events
 * it has not seen. Immutable.
 *
 * @param offsets by topic, topic id and partition, the offset up to which the archive is read,
 *     exclusive
 * @param files by source, the files that are read instead of the archive, with their size in bytes
 * @param lookups by name, the fingerprint of the version that is used
 * @param archiveCompleteUpToMillis the time up to which all arrivals are in the archive, 0 if it is
 *     not read
 */
public record Pin(
    @JsonProperty("offsets") Map<String, Map<String, Map<Integer, Long>>> offsets,
    @JsonProperty("files") Map<String, Map<String, Long>> files,
    @JsonProperty("lookups") Map<String, String> lookups,
    @JsonProperty("archiveCompleteUpToMillis") long archiveCompleteUpToMillis) {
  public Pin {
    offsets = new TreeMap<>(offsets);
    files = new TreeMap<>(files);
    lookups = new TreeMap<>(lookups);
  }

  /** The pin as the coordinator stores it. */
  public Map<String, Object> toMap() {
    return Map.of(
        "offsets", offsets,
        "files", files,
        "lookups", lookups,
        "archiveCompleteUpToMillis", archiveCompleteUpToMillis);
  }
}
