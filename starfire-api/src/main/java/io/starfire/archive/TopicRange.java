package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Offsets of one topic, which its id tells from a topic of the same name that was created before or
 * after. Immutable.
 *
 * @param topicId of the topic
 * @param partitions all partitions of the topic with their ranges; an empty range is a partition
 *     without records
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
