package io.starfire.serving.timeline;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * One partition of an interval and version, with what it stands for. The kinds differ in how they
 * tell whether a set of them is complete: the set, in the order of its numbers, must begin with a
 * {@linkplain #isStart start}, and each must {@linkplain #abuts abut} the next until an {@linkplain
 * #isEnd end} comes.
 *
 * <p>Two chunks are equal if they are of one kind and have the same place in the set, whatever
 * their object: this is how a committed segment meets its twin. Chunks of different kinds do not
 * compare. Immutable.
 *
 * @param <T> what a chunk stands for
 */
public sealed interface PartitionChunk<T> extends Comparable<PartitionChunk<T>>
    permits NumberedChunk, LinearChunk, RangeChunk, TombstoneChunk {
  /** At or above 0. */
  int number();

  T object();

  /** Whether nothing comes before this one. */
  boolean isStart();

  /** Whether the set is complete once it is unbroken from its start to this one. */
  boolean isEnd();

  /** Whether nothing is missing between this one and {@code next}. */
  boolean abuts(PartitionChunk<T> next);

  /** Whether it has rows; a tombstone has none. */
  default boolean hasData() {
    return true;
  }

  /**
   * By number.
   *
   * @throws StarfireException with INVALID_INPUT if the other is of another kind
   */
  @Override
  default int compareTo(PartitionChunk<T> other) {
    if (getClass() != other.getClass()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a %s (%s) cannot be compared with a %s (%s); the partitions of one interval and version must be of one kind"
              .formatted(
                  getClass().getSimpleName(), this, other.getClass().getSimpleName(), other));
    }
    return Integer.compare(number(), other.number());
  }

  /** Refuses a negative number. */
  static void checkNumber(int number) {
    if (number < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "a partition number must be at or above 0, got " + number);
    }
  }
}
