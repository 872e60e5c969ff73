package io.starfire.serving.timeline;

/**
 * An empty bucket: complete by itself, without rows, hiding what lies beneath. Immutable; all are
 * equal, and have number 0.
 *
 * @param object what it stands for
 */
public record TombstoneChunk<T>(T object) implements PartitionChunk<T> {
  @Override
  public int number() {
    return 0;
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
    return false;
  }

  @Override
  public boolean hasData() {
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TombstoneChunk<?>;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
