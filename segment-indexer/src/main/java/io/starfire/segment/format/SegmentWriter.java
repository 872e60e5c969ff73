package io.starfire.segment.format;

import io.starfire.common.Interval;
import io.starfire.segment.column.IndexedRows;
import java.nio.file.Path;
import java.util.List;

/** Writes one sorted set of rows, such as a sorted snapshot, as a segment file. Stateless. */
public final class SegmentWriter {
  private SegmentWriter() {}

  /**
   * Writes under a temporary name, makes the file durable, and renames it to {@code target}.
   *
   * @param rows sorted by time and dimensions; not closed here
   * @param interval that the segment covers; every row's time must be in it
   * @throws io.starfire.common.StarfireException as {@link SegmentMerger#merge}
   */
  public static WrittenSegment write(IndexedRows rows, Interval interval, Path target) {
    return write(rows, interval, target, WriteOptions.SEGMENT);
  }

  /** As {@link #write(IndexedRows, Interval, Path)}, with options. */
  public static WrittenSegment write(
      IndexedRows rows, Interval interval, Path target, WriteOptions options) {
    return SegmentMerger.merge(rows.schema(), interval, List.of(rows), target, options);
  }
}
