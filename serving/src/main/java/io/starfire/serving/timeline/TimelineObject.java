package io.starfire.serving.timeline;

import io.starfire.common.Interval;
import java.util.List;

/**
 * A piece of the timeline that one set of partitions answers for. Immutable.
 *
 * @param interval where it shows: a part of {@code trueInterval}, clipped to what was asked
 * @param trueInterval the interval that its segments were made for
 * @param version of its segments
 * @param chunks its partitions, ordered by number
 */
public record TimelineObject<T>(
    Interval interval, Interval trueInterval, String version, List<PartitionChunk<T>> chunks) {
  public TimelineObject {
    chunks = List.copyOf(chunks);
  }

  /** Whether some partition has rows; false for a tombstone. */
  public boolean hasData() {
    return chunks.stream().anyMatch(PartitionChunk::hasData);
  }

  public List<T> objects() {
    return chunks.stream().map(PartitionChunk::object).toList();
  }
}
