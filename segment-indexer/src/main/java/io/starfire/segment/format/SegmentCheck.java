package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.SketchSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmapWriter;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Checks a segment file completely. First it checks the checksums of all blocks. Where these are
 * right it checks the contents: rows are sorted and inside the interval, no two rows are equal
 * after rollup, dictionaries are sorted and each value occurs once and is used, the index has
 * exactly the rows of each id, and counts add up. Not thread-safe.
 */
public final class SegmentCheck {
  /** The largest number of problems that are listed. */
  private static final int MAX_PROBLEMS = 100;

  private final Path path;
  private final List<String> problems = new ArrayList<>();

  private SegmentCheck(Path path) {
    this.path = path;
  }

  /**
   * The result of a check.
   *
   * @param file path of the file
   * @param problems a sentence for each problem, at most 100; empty if the file is whole
   */
  public record Report(String file, List<String> problems) {
    public Report {
      problems = List.copyOf(problems);
    }

    public boolean isWhole() {
      return problems.isEmpty();
    }

    public String toText() {
      return isWhole() ? file + ": whole\n" : file + ":\n  " + String.join("\n  ", problems) + "\n";
    }
  }

  /**
   * Checks a file. Damage is reported in the result, not thrown.
   *
   * @throws StarfireException with NOT_FOUND if there is no such file, UNAVAILABLE if it cannot be
   *     read
   */
  public static Report check(Path path) {
    SegmentCheck check = new SegmentCheck(path);
    check.run();
    return new Report(path.toString(), check.problems);
  }

  private void run() {
    try (SegmentReader reader = SegmentReader.open(path)) {
      checkBlocks();
      if (problems.isEmpty()) {
        reader.verify();
        checkContents(reader);
      }
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.UNAVAILABLE) {
        throw e;
      }
      problem(e.getMessage());
    } catch (RuntimeException e) {
      problem("reading it failed with " + e);
    }
  }

  /** Lists every damaged block. Plain reading would stop at the first. */
  private void checkBlocks() {
    SegmentFile segment = SegmentFile.open(path);
    try {
      for (ColumnDirectory column : segment.metadata().columns()) {
        for (BlockTable table : column.tables()) {
          for (int block = 0; block < table.count(); block++) {
            checkBlock(table, block, segment);
          }
        }
      }
    } finally {
      segment.file().release();
    }
  }

  private void checkBlock(BlockTable table, int block, SegmentFile segment) {
    long end = (long) table.uncheckedOffset(block) + table.length(block);
    if (table.uncheckedOffset(block) < SegmentFormat.HEADER_BYTES
        || table.length(block) < 0
        || end > segment.metadataOffset()) {
      problem(
          "column '%s', %s %d ends at byte %d, outside the file's data"
              .formatted(table.column(), table.kind(), block, end));
      return;
    }
    try {
      table.verify(block, segment.file());
    } catch (StarfireException e) {
      problem(e.getMessage());
    }
  }

  private void checkContents(SegmentReader reader) {
    checkOrder(reader);
    DataSourceSchema schema = reader.schema();
    schema.dimensions().stream()
        .filter(dimension -> dimension.type() == ColumnType.STRING)
        .forEach(dimension -> checkStrings(reader, dimension.name()));
    reader.pathColumns().stream()
        .filter(name -> reader.column(name) instanceof StringColumn)
        .forEach(name -> checkStrings(reader, name));
    schema.metrics().stream()
        .filter(metric -> metric.aggregation() == MetricSpec.Aggregation.COUNT)
        .forEach(metric -> checkCount(reader, metric.name()));
    schema.metrics().stream()
        .filter(metric -> metric.aggregation().isSketch())
        .forEach(metric -> checkSketches(reader, metric));
    if (reader.eventCount() < reader.rowCount()
        || (!schema.rollup() && reader.eventCount() != reader.rowCount())) {
      problem(
          "it says that it holds %d events in %d rows"
              .formatted(reader.eventCount(), reader.rowCount()));
    }
  }

  private void checkOrder(SegmentReader reader) {
    DataSourceSchema schema = reader.schema();
    boolean[] multiValued = new boolean[schema.dimensions().size()];
    for (int i = 0; i < multiValued.length; i++) {
      if (reader.column(schema.dimensions().get(i).name()) instanceof StringColumn strings) {
        multiValued[i] = strings.multiValued();
      }
    }
    RowLayout layout = new RowLayout(schema, multiValued);
    PieceCursor cursor = new PieceCursor(reader, layout, new int[multiValued.length][]);
    RowBlock last = new RowBlock(layout, 1);
    for (int row = 0; cursor.valid(); row++, cursor.advance()) {
      long time = cursor.block().times[cursor.row()];
      if (!reader.timeRange().contains(time) || !reader.interval().contains(time)) {
        problem("row %d has time %d, outside %s".formatted(row, time, reader.timeRange()));
      }
      if (schema.rollup() && row > 0 && last.compare(0, cursor.block(), cursor.row()) == 0) {
        problem("rows %d and %d are equal, although rows are rolled up".formatted(row - 1, row));
      }
      last.rows = 0;
      last.append(cursor.block(), cursor.row());
    }
  }

  private void checkStrings(SegmentReader reader, String name) {
    StringColumn column = (StringColumn) reader.column(name);
    for (int id = 1; id < column.cardinality(); id++) {
      if (Utf8Order.compare(column.value(id - 1), column.value(id)) >= 0) {
        problem("column '%s': the value of id %d is not above the one before".formatted(name, id));
      }
    }
    MutableRoaringBitmap used = new MutableRoaringBitmap();
    long occurrences = 0;
    int[] ids = new int[RowSet.BLOCK_ROWS];
    for (int from = 0; from < reader.rowCount(); from += ids.length) {
      int count = Math.min(ids.length, reader.rowCount() - from);
      if (!column.multiValued()) {
        column.readIds(from, count, ids);
      }
      for (int i = 0; i < count; i++) {
        int[] rowIds = column.multiValued() ? column.readValues(from + i) : new int[] {ids[i]};
        occurrences += checkRow(name, column, from + i, rowIds, used);
      }
    }
    if (used.getCardinality() != column.cardinality()) {
      problem(
          "column '%s' has %d values, of which rows use %d"
              .formatted(name, column.cardinality(), used.getCardinality()));
    }
    checkIndex(reader, name, column, occurrences);
  }

  /** Returns how many distinct ids the row has. */
  private long checkRow(
      String name, StringColumn column, int row, int[] rowIds, MutableRoaringBitmap used) {
    RoaringBitmapWriter<MutableRoaringBitmap> distinct = RoaringBitmapWriter.bufferWriter().get();
    for (int id : rowIds) {
      if (id < 0 || id >= column.cardinality()) {
        problem("column '%s' has id %d in row %d".formatted(name, id, row));
        return 0;
      }
      used.add(id);
      distinct.add(id);
    }
    return rowIds.length == 1 ? 1 : distinct.get().getLongCardinality();
  }

  /**
   * If the rows of each id in the index all hold it, and the index has as many rows as the rows
   * have values, they agree.
   */
  private void checkIndex(
      SegmentReader reader, String name, StringColumn column, long occurrences) {
    long indexed = 0;
    int[] counts = new int[column.cardinality()];
    boolean unused = column.readRowCounts(0, counts.length, counts);
    for (int id = 0; id < column.cardinality(); id++) {
      ImmutableRoaringBitmap rows = (ImmutableRoaringBitmap) column.rowsOf(id);
      if (rows == null) {
        return;
      }
      indexed += rows.getLongCardinality();
      if (counts[id] != rows.getCardinality()) {
        problem(
            "column '%s': the index counts %d rows for id %d, and lists %d"
                .formatted(name, counts[id], id, rows.getCardinality()));
      }
      for (int row : rows) {
        if (row < 0 || row >= reader.rowCount() || !holds(column, row, id)) {
          problem(
              "column '%s': the index names row %d, which does not hold it, for id %d"
                  .formatted(name, id, row));
          break;
        }
      }
    }
    if (indexed != occurrences) {
      problem(
          "column '%s': the index holds %d rows, and rows hold %d values"
              .formatted(name, indexed, occurrences));
    }
  }

  private static boolean holds(StringColumn column, int row, int id) {
    for (int value : column.readValues(row)) {
      if (value == id) {
        return true;
      }
    }
    return false;
  }

  private void checkSketches(SegmentReader reader, MetricSpec metric) {
    BytesColumn column = (BytesColumn) reader.column(metric.name());
    SketchSpec spec = SketchSpec.of(metric);
    byte[][] out = new byte[RowSet.BLOCK_ROWS][];
    for (int from = 0; from < reader.rowCount(); from += out.length) {
      int count = Math.min(out.length, reader.rowCount() - from);
      column.read(from, count, out);
      for (int i = 0; i < count; i++) {
        if (out[i] != null) {
          checkSketch(spec, out[i], "metric '%s', row %d".formatted(metric.name(), from + i));
        }
      }
    }
  }

  private void checkSketch(SketchSpec spec, byte[] sketch, String where) {
    try {
      spec.check(sketch);
    } catch (StarfireException e) {
      problem(where + ": " + e.getMessage());
    }
  }

  private void checkCount(SegmentReader reader, String name) {
    LongColumn column = (LongColumn) reader.column(name);
    long[] out = new long[RowSet.BLOCK_ROWS];
    long sum = 0;
    for (int from = 0; from < reader.rowCount(); from += out.length) {
      int count = Math.min(out.length, reader.rowCount() - from);
      column.read(from, count, out);
      for (int i = 0; i < count; i++) {
        sum += out[i];
      }
    }
    if (sum != reader.eventCount()) {
      problem(
          "metric '%s' counts %d events, and the file says %d"
              .formatted(name, sum, reader.eventCount()));
    }
  }

  private void problem(String sentence) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(sentence);
    }
  }
}
