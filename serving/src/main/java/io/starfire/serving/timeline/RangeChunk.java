package io.starfire.serving.timeline;

import java.util.List;
import java.util.Objects;

/**
 * A partition that holds the rows whose partition dimensions lie in a range, of a set without a
 * core count: complete when the ranges follow each other without a gap from the open start to the
 * open end. Numbers are in the order of the ranges. (Ranges with a core count are {@link
 * NumberedChunk}s: there may be holes between them, where no row falls.)
 *
 * <p>Immutable; equal by number and bounds.
 *
 * @param number at or above 0, in the order of the ranges
 * @param start first tuple of dimension values inside; null for the open start
 * @param end first tuple after; null for the open end
 * @param object what it stands for
 */
public record RangeChunk<T>(int number, List<String> start, List<String> end, T object)
    implements PartitionChunk<T> {
  public RangeChunk {
    PartitionChunk.checkNumber(number);
    start = start == null ? null : List.copyOf(start);
    end = end == null ? null : List.copyOf(end);
  }

  @Override
  public boolean isStart() {
    return start == null;
  }

  @Override
  public boolean isEnd() {
    return end == null;
  }

  @Override
  public boolean abuts(PartitionChunk<T> next) {
    return end != null && next instanceof RangeChunk<T> range && end.equals(range.start);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeChunk<?> that
        && number == that.number
        && Objects.equals(start, that.start)
        && Objects.equals(end, that.end);
  }

  @Override
  public int hashCode() {
    return Objects.hash(number, start, end);
  }
}
