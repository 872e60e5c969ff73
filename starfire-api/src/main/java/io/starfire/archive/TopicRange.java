package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Ranges of offsets of one topic. The id tells the topic from others that had the same name.
 * Immutable.
 *
 * @param topicId id of the topic
 * @param partitions the range of each partition of the topic; it is empty for a partition without
 *     records
 */
public record TopicRange(
    @JsonProperty("topicId") String topicId,
    @JsonProperty("partitions") Map<Integer, OffsetRange> partitions) {
  public TopicRange {
    requireNonNull(topicId, "topicId");
    partitions =
        Collections.unmodifiableMap(new TreeMap<>(requireNonNull(partitions, "partitions")));
  }

  /** Such as {@code offsets 0 to 9 of partition 0, offsets 0 to 3 of partition 1}. */
  public String describe() {
    StringJoiner text = new StringJoiner(", ");
    partitions.forEach((partition, range) -> text.add(range + " of partition " + partition));
    return partitions.isEmpty() ? "nothing" : text.toString();
  }
}
