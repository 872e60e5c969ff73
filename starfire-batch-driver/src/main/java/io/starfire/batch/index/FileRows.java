package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataRow;
import io.starfire.event.Outcome;
import io.starfire.event.RowTimes;
import io.starfire.segment.ingest.DimensionCatalog;
import io.starfire.segment.ingest.RecordFile;
import io.starfire.segment.ingest.RejectedRecordException;
import io.starfire.segment.ingest.RowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Reads rows from files, and counts records that are not rows. One thread reads. */
final class FileRows implements RowBatches.Source {
  /** How many rows are read before progress is reported again. */
  private static final int PROGRESS_ROWS = 4096;

  private final InputFiles input;
  private final RowSpec spec;
  private final DimensionCatalog catalog;
  private final Bounds bounds;
  private final long maxUnreadable;
  private final Rejections rejections = new Rejections();
  private volatile long bytesRead;

  /**
   * The interval, already over, of the last row that was taken. The next row is mostly in it, too.
   */
  private Interval lastInterval = new Interval(0, 0);

  /**
   * Which rows are taken.
   *
   * @param intervals rows outside of these are left out; empty if the rows of all buckets that are
   *     over are taken
   * @param buckets the granularity of the segments
   * @param times the rule for the times of rows
   * @param nowMillis when the run began
   */
  record Bounds(List<Interval> intervals, Granularity buckets, RowTimes times, long nowMillis) {
    Bounds {
      intervals = List.copyOf(intervals);
    }
  }

  /**
   * @param catalog where discovered dimensions go
   * @param maxUnreadable reading fails after more records than this are not rows
   */
  FileRows(
      InputFiles input, RowSpec spec, DimensionCatalog catalog, Bounds bounds, long maxUnreadable) {
    this.input = input;
    this.spec = spec;
    this.catalog = catalog;
    this.bounds = bounds;
    this.maxUnreadable = maxUnreadable;
  }

  /** Bytes that were read so far. A compressed file counts when it is finished. Thread-safe. */
  long bytesRead() {
    return bytesRead;
  }

  /** What was left out. Complete when all rows are read. */
  Rejections rejections() {
    return rejections;
  }

  @Override
  public void readAll(Consumer<DataRow> rows) throws IOException {
    long before = 0;
    for (Path path : input.files()) {
      try (RecordFile file = RecordFile.open(path, spec, catalog)) {
        read(path, file, before, rows);
      }
      before += Files.size(path);
      bytesRead = before;
    }
  }

  private void read(Path path, RecordFile file, long before, Consumer<DataRow> rows) {
    boolean packed = path.toString().endsWith(".gz");
    int untilProgress = PROGRESS_ROWS;
    boolean more = true;
    while (more) {
      try {
        DataRow row = file.next(this::isTaken);
        more = row != null;
        if (more) {
          take(row, path, file, rows);
        }
      } catch (RejectedRecordException e) {
        reject(e, path, file);
      }
      if (--untilProgress == 0) {
        untilProgress = PROGRESS_ROWS;
        bytesRead = packed ? before : before + file.bytesRead();
      }
    }
  }

  /** The verdict of {@link #take}, on a row that may change the schema. */
  private boolean isTaken(long timeMillis) {
    return lastInterval.contains(timeMillis)
        || (bounds.times().problem(timeMillis, bounds.nowMillis()) == null
            && outside(timeMillis) == null);
  }

  private void take(DataRow row, Path path, RecordFile file, Consumer<DataRow> rows) {
    long timeMillis = row.timeMillis();
    if (!lastInterval.contains(timeMillis)) {
      String problem = bounds.times().problem(timeMillis, bounds.nowMillis());
      if (problem != null) {
        reject(Rejections.Kind.BAD_TIME, problem, path, file);
        return;
      }
      String outside = outside(timeMillis);
      if (outside != null) {
        rejections.add(Rejections.Kind.OUTSIDE_INTERVALS, path, file.lineNumber(), outside);
        return;
      }
    }
    rows.accept(row);
  }

  /** Why a row is left out, or null if it is in an interval, which is then the last. */
  private String outside(long timeMillis) {
    for (Interval interval : bounds.intervals()) {
      if (interval.contains(timeMillis)) {
        lastInterval = interval;
        return null;
      }
    }
    if (!bounds.intervals().isEmpty()) {
      return "its time %s is outside the intervals of the spec".formatted(Times.format(timeMillis));
    }
    Interval bucket = bounds.buckets().bucket(timeMillis);
    if (bucket.endMillis() > bounds.nowMillis()) {
      return "its time %s is in %s, which is not over; index that interval when it is over"
          .formatted(Times.format(timeMillis), bucket);
    }
    lastInterval = bucket;
    return null;
  }

  private void reject(RejectedRecordException e, Path path, RecordFile file) {
    boolean badTime = e.outcome() == Outcome.BAD_TIME;
    reject(
        badTime ? Rejections.Kind.BAD_TIME : Rejections.Kind.UNDECODABLE,
        e.getMessage(),
        path,
        file);
  }

  private void reject(Rejections.Kind kind, String reason, Path path, RecordFile file) {
    rejections.add(kind, path, file.lineNumber(), reason);
    if (rejections.unreadable() > maxUnreadable) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT,
          "%,d records cannot be read as rows, more than tuningConfig.maxParseExceptions (%,d); nothing was published; the last: %s:%d: %s"
              .formatted(rejections.unreadable(), maxUnreadable, path, file.lineNumber(), reason));
    }
  }
}
