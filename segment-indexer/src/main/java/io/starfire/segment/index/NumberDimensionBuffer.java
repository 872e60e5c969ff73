package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DimensionSpec;
import java.util.Arrays;

/**
 * A LONG or DOUBLE dimension. Doubles that are equal as keys are made equal as bits: -0.0 becomes
 * 0.0, and all NaNs become one.
 */
final class NumberDimensionBuffer extends DimensionBuffer {
  private final DimensionSpec spec;
  private long[] bits = new long[64];

  /** Which rows are null; absent until the first is. */
  private boolean[] nulls;

  private long stagedBits;
  private boolean stagedNull;

  NumberDimensionBuffer(DimensionSpec spec) {
    this.spec = spec;
  }

  @Override
  void check(DataRow row, int dimension) {
    Object value = row.dimension(dimension);
    Class<?> expected = spec.type() == ColumnType.LONG ? Long.class : Double.class;
    if (value != null && value.getClass() != expected) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "dimension '%s' takes null or a %s, got %s '%s'"
              .formatted(
                  spec.name(), expected.getSimpleName(), value.getClass().getSimpleName(), value));
    }
  }

  @Override
  int stage(DataRow row, int dimension) {
    Object value = row.dimension(dimension);
    stagedNull = value == null;
    if (value instanceof Double number) {
      stagedBits = Double.doubleToLongBits(number + 0.0);
    } else {
      stagedBits = value == null ? 0 : (Long) value;
    }
    return stagedNull ? 0 : Hashes.mix(stagedBits + 1);
  }

  @Override
  void stageNull() {
    stagedNull = true;
    stagedBits = 0;
  }

  @Override
  boolean holdsStaged(int row) {
    boolean rowNull = nulls != null && nulls[row];
    return bits[row] == stagedBits && rowNull == stagedNull;
  }

  @Override
  void append(int row) {
    if (row == bits.length) {
      bits = Arrays.copyOf(bits, row * 2);
      nulls = nulls == null ? null : Arrays.copyOf(nulls, row * 2);
    }
    bits[row] = stagedBits;
    if (stagedNull) {
      if (nulls == null) {
        nulls = new boolean[bits.length];
      }
      nulls[row] = true;
    }
  }

  @Override
  void appendNulls(int rows) {
    if (rows > 0) {
      bits = new long[Math.max(bits.length, rows)];
      nulls = new boolean[bits.length];
      Arrays.fill(nulls, 0, rows, true);
    }
  }

  @Override
  void clearRows() {
    bits = new long[64];
    nulls = null;
  }

  @Override
  long dictionaryBytes() {
    return 0;
  }

  @Override
  long estimatedBytes() {
    return 8L * bits.length + (nulls == null ? 0 : nulls.length);
  }

  @Override
  RowColumn view(int rows) {
    BitsView view = new BitsView.Flat(bits, nulls);
    return spec.type() == ColumnType.LONG
        ? new LiveLongColumn(rows, view)
        : new LiveDoubleColumn(rows, view);
  }
}
