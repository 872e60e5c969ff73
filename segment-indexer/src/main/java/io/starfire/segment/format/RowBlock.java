package io.starfire.segment.format;

import java.util.Arrays;

/**
 * Some rows in memory, in columns: what a piece is read into, and what a data block of every column
 * is written from. A dimension is a number for each row (the id, the long, or the double as {@link
 * io.starfire.segment.column.DoubleOrder} has it), which is 0 where it is null, or a list of ids. A
 * metric is its bits. Mutable, not thread-safe.
 */
final class RowBlock {
  final long[] times;
  final long[][] dimensions;
  final boolean[][] dimensionNulls;

  /** For each multi-valued dimension the lists of the rows, else null. */
  final int[][][] lists;

  final long[][] metrics;
  final boolean[][] metricNulls;

  /** For each metric that is a sketch those of the rows, else null. */
  final byte[][][] sketches;

  int rows;

  RowBlock(RowLayout layout, int capacity) {
    times = new long[capacity];
    dimensions = new long[layout.dimensions()][capacity];
    dimensionNulls = new boolean[layout.dimensions()][capacity];
    lists = new int[layout.dimensions()][][];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = layout.multiValued[i] ? new int[capacity][] : null;
    }
    metrics = new long[layout.metrics()][capacity];
    metricNulls = new boolean[layout.metrics()][capacity];
    sketches = new byte[layout.metrics()][][];
    for (int i = 0; i < sketches.length; i++) {
      sketches[i] = layout.sketches[i] == null ? null : new byte[capacity][];
    }
  }

  /** Appends a row of another block. */
  void append(RowBlock from, int row) {
    times[rows] = from.times[row];
    for (int i = 0; i < dimensions.length; i++) {
      if (lists[i] != null) {
        lists[i][rows] = from.lists[i][row];
      } else {
        dimensions[i][rows] = from.dimensions[i][row];
        dimensionNulls[i][rows] = from.dimensionNulls[i][row];
      }
    }
    for (int i = 0; i < metrics.length; i++) {
      metrics[i][rows] = from.metrics[i][row];
      metricNulls[i][rows] = from.metricNulls[i][row];
      if (sketches[i] != null) {
        sketches[i][rows] = from.sketches[i][row];
      }
    }
    rows++;
  }

  /** Compares a row with one of another block, by time and dimensions. */
  int compare(int row, RowBlock other, int otherRow) {
    int order = Long.compare(times[row], other.times[otherRow]);
    for (int i = 0; order == 0 && i < dimensions.length; i++) {
      if (lists[i] != null) {
        order = Arrays.compare(lists[i][row], other.lists[i][otherRow]);
      } else {
        boolean present = !dimensionNulls[i][row];
        boolean otherPresent = !other.dimensionNulls[i][otherRow];
        order =
            present == otherPresent
                ? Long.compare(dimensions[i][row], other.dimensions[i][otherRow])
                : Boolean.compare(present, otherPresent);
      }
    }
    return order;
  }
}
