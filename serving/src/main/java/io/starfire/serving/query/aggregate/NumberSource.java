package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import org.jspecify.annotations.Nullable;

/**
 * The values of a number column, a block at a time, as the type that an aggregate wants: doubles
 * are cut towards zero for longs. A column that the row set does not have is all null. Not
 * thread-safe.
 */
final class NumberSource {
  final long[] longs = new long[RowSet.BLOCK_ROWS];
  final double[] doubles = new double[RowSet.BLOCK_ROWS];
  final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];
  private final int[] presentRows = new int[RowSet.BLOCK_ROWS];
  private final @Nullable Column column;

  /**
   * @param column LongColumn, DoubleColumn, or null if there is none
   */
  NumberSource(@Nullable Column column) {
    this.column = column;
  }

  /**
   * The numbers that an aggregation reads.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if the column is text
   */
  static NumberSource of(Aggregation aggregation, RowSet rows) {
    Column column = rows.column(aggregation.fieldName());
    if (column instanceof StringColumn) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs numbers, but column '%s' is STRING",
          aggregation.name(), aggregation.kind().jsonName(), aggregation.fieldName());
    }
    return new NumberSource(column);
  }

  boolean isMissing() {
    return column == null;
  }

  boolean hasNulls() {
    return column instanceof LongColumn whole
        ? whole.hasNulls()
        : column instanceof DoubleColumn real && real.hasNulls();
  }

  void readLongs(int from, int count) {
    if (column instanceof LongColumn whole) {
      whole.read(from, count, longs);
    } else if (column instanceof DoubleColumn real) {
      real.read(from, count, doubles);
      for (int i = 0; i < count; i++) {
        longs[i] = (long) doubles[i];
      }
    }
    readNulls(from, count);
  }

  void readDoubles(int from, int count) {
    if (column instanceof DoubleColumn real) {
      real.read(from, count, doubles);
    } else if (column instanceof LongColumn whole) {
      whole.read(from, count, longs);
      for (int i = 0; i < count; i++) {
        doubles[i] = longs[i];
      }
    }
    readNulls(from, count);
  }

  /**
   * Those of the rows that have a value, at the front; how many they are says {@link #presentOf}.
   */
  int[] present(int[] rows) {
    return hasNulls() ? presentRows : rows;
  }

  /** Chooses the rows that have a value, for {@link #present}; returns how many. */
  int presentOf(int[] rows, int count) {
    if (isMissing() || !hasNulls()) {
      return isMissing() ? 0 : count;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      presentRows[kept] = rows[i];
      kept += nulls[rows[i]] ? 0 : 1;
    }
    return kept;
  }

  private void readNulls(int from, int count) {
    if (column instanceof LongColumn whole && whole.hasNulls()) {
      whole.readNulls(from, count, nulls);
    } else if (column instanceof DoubleColumn real && real.hasNulls()) {
      real.readNulls(from, count, nulls);
    }
  }
}
