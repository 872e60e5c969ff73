package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataRow;
import io.starfire.event.Outcome;
import io.starfire.segment.ingest.DimensionCatalog;
import io.starfire.segment.ingest.RecordFile;
import io.starfire.segment.ingest.RejectedRecordException;
import io.starfire.segment.ingest.RowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Reads the rows of files, and counts what is none. One thread reads. */
final class FileRows implements RowBatches.Source {
  /** Rows between two looks at how far the reading is. */
  private static final int PROGRESS_ROWS = 4096;

  private final InputFiles input;
  private final RowSpec spec;
  private final DimensionCatalog catalog;
  private final List<Interval> intervals;
  private final long maxUnreadable;
  private final Rejections rejections = new Rejections();
  private volatile long bytesRead;
  private Interval lastInterval;

  /**
   * @param catalog where discovered dimensions go
   * @param intervals outside of which rows are left out; empty if all are taken
   * @param maxUnreadable records that are no rows, beyond which the reading ends
   */
  FileRows(
      InputFiles input,
      RowSpec spec,
      DimensionCatalog catalog,
      List<Interval> intervals,
      long maxUnreadable) {
    this.input = input;
    this.spec = spec;
    this.catalog = catalog;
    this.intervals = intervals;
    this.maxUnreadable = maxUnreadable;
    this.lastInterval = intervals.isEmpty() ? Interval.ETERNITY : intervals.get(0);
  }

  /** Bytes of the input that were read so far; a packed file counts at its end. Thread-safe. */
  long bytesRead() {
    return bytesRead;
  }

  /** What was left out; complete once all is read. */
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
        DataRow row = file.next();
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

  private void take(DataRow row, Path path, RecordFile file, Consumer<DataRow> rows) {
    if (wanted(row.timeMillis())) {
      hashAhead(row);
      rows.accept(row);
      return;
    }
    rejections.add(
        Rejections.Kind.OUTSIDE_INTERVALS,
        path,
        file.lineNumber(),
        "its time %s is outside the intervals of the spec"
            .formatted(Times.format(row.timeMillis())));
  }

  /**
   * The indexing thread needs the hash of each text, which a String computes once: here, while its
   * bytes are in this core's cache. It took a seventh of that thread's time.
   */
  private static void hashAhead(DataRow row) {
    for (int i = 0; i < row.dimensionCount(); i++) {
      if (row.dimension(i) instanceof String text) {
        int unused = text.hashCode();
      }
    }
  }

  private boolean wanted(long timeMillis) {
    if (lastInterval.contains(timeMillis)) {
      return true;
    }
    for (Interval interval : intervals) {
      if (interval.contains(timeMillis)) {
        lastInterval = interval;
        return true;
      }
    }
    return false;
  }

  private void reject(RejectedRecordException e, Path path, RecordFile file) {
    boolean badTime = e.outcome() == Outcome.BAD_TIME;
    rejections.add(
        badTime ? Rejections.Kind.BAD_TIME : Rejections.Kind.UNDECODABLE,
        path,
        file.lineNumber(),
        e.getMessage());
    if (rejections.unreadable() > maxUnreadable) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT,
          "%,d records are no rows, more than tuningConfig.maxParseExceptions (%,d), and nothing was published; the last: %s:%d: %s"
              .formatted(
                  rejections.unreadable(), maxUnreadable, path, file.lineNumber(), e.getMessage()));
    }
  }
}
