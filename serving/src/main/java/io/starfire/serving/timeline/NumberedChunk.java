package io.starfire.serving.timeline;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Objects;

/**
 * A numbered partition, possibly of a core set. With a core set of {@code n}, the set is complete
 * as soon as 0…n-1 are there; partitions numbered n and above are extras that were appended later:
 * they may have gaps, and show once the core set is complete. Without one ({@code corePartitions ==
 * 0}) the set only grows by appending, and is complete with any one partition.
 *
 * <p>Immutable; equal by number and core count.
 *
 * @param number at or above 0
 * @param corePartitions the size of the core set, or 0
 * @param object what it stands for
 */
public record NumberedChunk<T>(int number, int corePartitions, T object)
    implements PartitionChunk<T> {
  public NumberedChunk {
    PartitionChunk.checkNumber(number);
    if (corePartitions < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the number of core partitions must be at or above 0, got " + corePartitions);
    }
  }

  @Override
  public boolean isStart() {
    return corePartitions == 0 || number == 0;
  }

  @Override
  public boolean isEnd() {
    return corePartitions == 0 || number == corePartitions - 1;
  }

  @Override
  public boolean abuts(PartitionChunk<T> next) {
    if (!(next instanceof NumberedChunk<T> numbered)) {
      return false;
    }
    return numbered.number < numbered.corePartitions
        ? numbered.number == number + 1
        : numbered.number > number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberedChunk<?> that
        && number == that.number
        && corePartitions == that.corePartitions;
  }

  @Override
  public int hashCode() {
    return Objects.hash(number, corePartitions);
  }
}
