package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the archive of a topic begins. It is written once, before the first entry of the topic, so
 * that a missing first entry is noticed. Immutable.
 *
 * @param topic name of the topic
 * @param topicId its id
 * @param startedAtMillis when it was written, in milliseconds since the epoch
 * @param startOffsets by partition, the first offset that the topic still had. A partition that is
 *     not named was added later and begins at 0.
 */
public record TopicStart(
    @JsonProperty("topic") String topic,
    @JsonProperty("topicId") String topicId,
    @JsonProperty("startedAtMillis") long startedAtMillis,
    @JsonProperty("startOffsets") Map<Integer, Long> startOffsets) {
  public TopicStart {
    requireNonNull(topic, "topic");
    requireNonNull(topicId, "topicId");
    startOffsets =
        Collections.unmodifiableMap(new TreeMap<>(requireNonNull(startOffsets, "startOffsets")));
  }

  /** The first offset of a partition in the archive. */
  public long of(int partition) {
    return startOffsets.getOrDefault(partition, 0L);
  }

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that
   */
  public static TopicStart fromJson(String json) {
    return ArchiveJson.read(json, TopicStart.class, "the beginning of a topic");
  }
}
