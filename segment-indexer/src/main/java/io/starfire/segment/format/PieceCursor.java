package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.DoubleOrder;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;

/**
 * The rows of one sorted piece, a block at a time, with its string ids replaced by those of the
 * merged dictionaries. Checks that the piece is sorted. Not thread-safe.
 */
final class PieceCursor {
  private final IndexedRows piece;
  private final RowLayout layout;

  /** For each STRING dimension the merged id of each id of the piece; null where they are equal. */
  private final int[][] mergedIds;

  private final RowBlock block;
  private final RowBlock previous;
  private final int[] ids;
  private final double[] doubles;
  private int at;
  private int nextBlock;

  PieceCursor(IndexedRows piece, RowLayout layout, int[][] mergedIds) {
    this(piece, layout, mergedIds, RowSet.BLOCK_ROWS);
  }

  /**
   * @param blockRows how many rows are read at a time
   */
  PieceCursor(IndexedRows piece, RowLayout layout, int[][] mergedIds, int blockRows) {
    this.piece = piece;
    this.layout = layout;
    this.mergedIds = mergedIds;
    this.ids = new int[blockRows];
    this.doubles = new double[blockRows];
    this.block = new RowBlock(layout, blockRows);
    this.previous = new RowBlock(layout, 1);
    fill();
  }

  /** Whether there is a current row. */
  boolean valid() {
    return at < block.rows;
  }

  RowBlock block() {
    return block;
  }

  /** The current row within {@link #block()}. */
  int row() {
    return at;
  }

  void advance() {
    at++;
    if (at < block.rows) {
      checkSorted(block, at - 1);
    } else {
      previous.rows = 0;
      previous.append(block, at - 1);
      fill();
      if (valid()) {
        checkSorted(previous, 0);
      }
    }
  }

  /** Goes behind the last row of the block. */
  void advanceByBlock() {
    while (at < block.rows - 1) {
      at++;
      checkSorted(block, at - 1);
    }
    advance();
  }

  private void checkSorted(RowBlock before, int beforeRow) {
    if (before.compare(beforeRow, block, at) > 0) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "row %d of a piece of '%s' is below the row before; pieces must be sorted by time and dimensions"
              .formatted(nextBlock - block.rows + at, layout.schema.name()));
    }
  }

  private void fill() {
    int count = Math.min(ids.length, piece.rowCount() - nextBlock);
    at = 0;
    block.rows = count;
    if (count <= 0) {
      block.rows = 0;
      return;
    }
    DataSourceSchema schema = layout.schema;
    piece.time().read(nextBlock, count, block.times);
    for (int i = 0; i < layout.dimensions(); i++) {
      readDimension(i, schema.dimensions().get(i).name(), count);
    }
    for (int i = 0; i < layout.metrics(); i++) {
      String name = schema.metrics().get(i).name();
      if (layout.sketches[i] != null) {
        ((BytesColumn) piece.column(name)).read(nextBlock, count, block.sketches[i]);
      } else {
        readNumbers(name, count, block.metrics[i], block.metricNulls[i]);
      }
    }
    nextBlock += count;
  }

  private void readDimension(int dimension, String name, int count) {
    switch (layout.dimensionTypes[dimension]) {
      case STRING -> readStrings(dimension, (StringColumn) piece.column(name), count);
      case LONG ->
          readNumbers(name, count, block.dimensions[dimension], block.dimensionNulls[dimension]);
      case DOUBLE -> {
        long[] out = block.dimensions[dimension];
        boolean[] nulls = block.dimensionNulls[dimension];
        readNumbers(name, count, out, nulls);
        for (int i = 0; i < count; i++) {
          out[i] = nulls[i] ? 0 : DoubleOrder.toSortable(out[i]);
        }
      }
      case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
    }
  }

  private void readStrings(int dimension, StringColumn column, int count) {
    int[] merged = mergedIds[dimension];
    if (layout.multiValued[dimension]) {
      for (int i = 0; i < count; i++) {
        int[] list = column.readValues(nextBlock + i);
        for (int j = 0; merged != null && j < list.length; j++) {
          list[j] = merged[list[j]];
        }
        block.lists[dimension][i] = list;
      }
      return;
    }
    long[] out = block.dimensions[dimension];
    column.readIds(nextBlock, count, ids);
    for (int i = 0; i < count; i++) {
      out[i] = merged == null ? ids[i] : merged[ids[i]];
    }
  }

  /** Reads longs, or the bits of doubles; nulls as 0. */
  private void readNumbers(String name, int count, long[] out, boolean[] nulls) {
    if (piece.column(name) instanceof LongColumn longs) {
      longs.read(nextBlock, count, out);
      if (longs.hasNulls()) {
        longs.readNulls(nextBlock, count, nulls);
      }
    } else {
      DoubleColumn column = (DoubleColumn) piece.column(name);
      column.read(nextBlock, count, doubles);
      for (int i = 0; i < count; i++) {
        out[i] = Double.doubleToRawLongBits(doubles[i]);
      }
      if (column.hasNulls()) {
        column.readNulls(nextBlock, count, nulls);
      }
    }
  }
}
