package io.starfire.serving.timeline;

/**
 * A partition of a set that is complete with whatever is there. Immutable; equal by number.
 *
 * @param number at or above 0
 * @param object what it stands for
 */
public record LinearChunk<T>(int number, T object) implements PartitionChunk<T> {
  public LinearChunk {
    PartitionChunk.checkNumber(number);
  }

  @Override
  public boolean isStart() {
    return true;
  }

  @Override
  public boolean isEnd() {
    return true;
  }

  @Override
  public boolean abuts(PartitionChunk<T> next) {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinearChunk<?> that && number == that.number;
  }

  @Override
  public int hashCode() {
    return number;
  }
}
