package io.starfire.segment.format;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.DoubleOrder;
import java.util.List;

/** Writes a data block of every column for the rows of a {@link RowBlock}. Not thread-safe. */
final class ColumnBlocks {
  private final RowLayout layout;
  private final List<ColumnDirectory> columns;
  private final SegmentOutput output;
  private final ByteSink block = new ByteSink();

  /** For each STRING dimension how many values have each id, to lay out its bitmaps. */
  private final int[][] idCounts;

  ColumnBlocks(RowLayout layout, List<ColumnDirectory> columns, SegmentOutput output) {
    this.layout = layout;
    this.columns = columns;
    this.output = output;
    this.idCounts = new int[layout.dimensions()][];
    for (int i = 0; i < idCounts.length; i++) {
      idCounts[i] = new int[columns.get(1 + i).cardinality];
    }
  }

  int[] idCounts(int dimension) {
    return idCounts[dimension];
  }

  void write(RowBlock rows) {
    writeLongs(columns.get(0), rows.times, null, rows.rows);
    for (int i = 0; i < layout.dimensions(); i++) {
      writeDimension(i, columns.get(1 + i), rows);
    }
    for (int i = 0; i < layout.metrics(); i++) {
      ColumnDirectory column = columns.get(1 + layout.dimensions() + i);
      if (layout.sketches[i] != null) {
        writeBytes(column, rows.sketches[i], rows.rows);
        continue;
      }
      boolean[] nulls = nullsOrNone(rows.metricNulls[i], rows.rows);
      if (column.type == ColumnType.LONG) {
        writeLongs(column, rows.metrics[i], nulls, rows.rows);
      } else {
        writeDoubles(column, rows.metrics[i], nulls, rows.rows);
      }
    }
  }

  private void writeDimension(int dimension, ColumnDirectory column, RowBlock rows) {
    long[] values = rows.dimensions[dimension];
    boolean[] nulls = nullsOrNone(rows.dimensionNulls[dimension], rows.rows);
    switch (column.type) {
      case STRING -> writeIds(dimension, column, rows);
      case LONG -> writeLongs(column, values, nulls, rows.rows);
      case DOUBLE -> {
        long[] bits = new long[rows.rows];
        for (int i = 0; i < bits.length; i++) {
          bits[i] = nulls != null && nulls[i] ? 0 : DoubleOrder.toBits(values[i]);
        }
        writeDoubles(column, bits, nulls, rows.rows);
      }
      case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
    }
  }

  private void writeBytes(ColumnDirectory column, byte[][] values, int rows) {
    boolean[] isNull = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      isNull[i] = values[i] == null;
    }
    boolean[] nulls = nullsOrNone(isNull, rows);
    column.hasNulls |= nulls != null;
    block.clear();
    ByteBlocks.encode(values, rows, nulls, column.name, block);
    output.append(block, column.data, 0);
  }

  private void writeIds(int dimension, ColumnDirectory column, RowBlock rows) {
    int[] counts = idCounts[dimension];
    block.clear();
    int[][] lists = rows.lists[dimension];
    if (lists != null) {
      for (int i = 0; i < rows.rows; i++) {
        for (int id : lists[i]) {
          counts[id]++;
        }
      }
      ListBlocks.encode(lists, rows.rows, column.name, block);
      column.summaryTable.addIds(lists, rows.rows);
    } else {
      long[] ids = rows.dimensions[dimension];
      for (int i = 0; i < rows.rows; i++) {
        counts[(int) ids[i]]++;
      }
      LongBlocks.encode(ids, rows.rows, null, block);
      column.summaryTable.addIntegers(ids, null, rows.rows, 0);
    }
    output.append(block, column.data, 0);
  }

  void writeLongs(ColumnDirectory column, long[] values, boolean[] nulls, int rows) {
    for (int i = 0; i < rows; i++) {
      if (nulls == null || !nulls[i]) {
        column.min = Math.min(column.min, values[i]);
        column.max = Math.max(column.max, values[i]);
      }
    }
    column.hasNulls |= nulls != null;
    block.clear();
    LongBlocks.encode(values, rows, nulls, block);
    column.summaryTable.addIntegers(values, nulls, rows, 0);
    output.append(block, column.data, 0);
  }

  void writeDoubles(ColumnDirectory column, long[] bits, boolean[] nulls, int rows) {
    column.hasNulls |= nulls != null;
    block.clear();
    Decimals decimals = Decimals.of(bits, rows);
    DoubleBlocks.encode(bits, decimals, rows, nulls, block);
    if (decimals == null) {
      column.summaryTable.addDoubles(bits, nulls, rows);
    } else {
      column.summaryTable.addIntegers(decimals.unscaled(), nulls, rows, decimals.scale());
    }
    output.append(block, column.data, 0);
  }

  private static boolean[] nullsOrNone(boolean[] nulls, int rows) {
    for (int i = 0; i < rows; i++) {
      if (nulls[i]) {
        return nulls;
      }
    }
    return null;
  }
}
