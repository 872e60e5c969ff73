package io.starfire.serving.query.exec;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.ComputedText;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.partial.Dictionary;
import io.starfire.serving.query.partial.NumberDictionary;
import io.starfire.serving.query.partial.TextDictionary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one group dimension in one row set, as ids that are small integers. Not
 * thread-safe.
 */
abstract class KeySource {
  /** Sets {@code out[i]} to the id of row {@code from + i}. */
  abstract void readIds(int from, int count, int[] out);

  /** The ids of one row; only for a column with several values. */
  int[] readValues(int row) {
    throw new IllegalStateException("the column has one value in each row");
  }

  /** Null, a String, a Long or a Double, as the query's output type says. */
  abstract @Nullable Object value(int id);

  boolean multiValued() {
    return false;
  }

  /** Ids are below this number; {@link Integer#MAX_VALUE} if it is not known. */
  int cardinality() {
    return Integer.MAX_VALUE;
  }

  /** What the ids are among those of all row sets of the query; null if that is not known. */
  SharedKeys.@Nullable Key shared() {
    return null;
  }

  /** Adds the value of an id to a dictionary of the query's output type; returns its id there. */
  int addTo(Dictionary values, int id) {
    return values.add(value(id));
  }

  /**
   * Makes the source of a dimension.
   *
   * @param shared null if nothing is known of other row sets
   */
  static KeySource of(GroupDimension dimension, RowSet rows, SharedKeys.@Nullable Key shared) {
    Column column = rows.column(dimension.column());
    if (column instanceof StringColumn strings) {
      if (dimension.outputType() != ColumnType.STRING) {
        throw QueryChecks.invalid(
            "dimension '%s' asks for %s, but column '%s' is STRING; leave outputType out",
            dimension.outputName(), dimension.outputType(), dimension.column());
      }
      return new OfStrings(strings, shared);
    }
    if (column instanceof LongColumn longs) {
      return new OfLongs(longs, dimension.outputType());
    }
    if (column instanceof DoubleColumn doubles) {
      return new OfDoubles(doubles, dimension.outputType());
    }
    if (column instanceof BytesColumn) {
      throw QueryChecks.complex("dimension '" + dimension.outputName() + "'");
    }
    return new OfNothing(shared);
  }

  private static final class OfNothing extends KeySource {
    private final SharedKeys.@Nullable Key shared;

    OfNothing(SharedKeys.@Nullable Key shared) {
      this.shared = shared;
    }

    @Override
    SharedKeys.@Nullable Key shared() {
      return shared;
    }

    @Override
    void readIds(int from, int count, int[] out) {
      Arrays.fill(out, 0, count, 0);
    }

    @Override
    @Nullable Object value(int id) {
      return null;
    }

    @Override
    int cardinality() {
      return 1;
    }
  }

  private static final class OfStrings extends KeySource {
    private final StringColumn column;
    private final SharedKeys.@Nullable Key shared;

    OfStrings(StringColumn column, SharedKeys.@Nullable Key shared) {
      this.column = column;
      this.shared = shared;
    }

    @Override
    SharedKeys.@Nullable Key shared() {
      return shared;
    }

    @Override
    void readIds(int from, int count, int[] out) {
      column.readIds(from, count, out);
    }

    @Override
    int[] readValues(int row) {
      return column.readValues(row);
    }

    @Override
    @Nullable Object value(int id) {
      return column.value(id);
    }

    @Override
    boolean multiValued() {
      return column.multiValued();
    }

    @Override
    int cardinality() {
      // To know how many values are computed, all rows would have to be.
      return column instanceof ComputedText ? Integer.MAX_VALUE : column.cardinality();
    }

    @Override
    int addTo(Dictionary values, int id) {
      if (!column.sorted()) {
        return values.add(column.value(id));
      }
      // Values of a sorted dictionary all differ, and none of them is looked for.
      byte[] utf8 = column.utf8(id);
      return utf8 == null ? 0 : ((TextDictionary) values).addNew(utf8);
    }
  }

  /** Id 0 is null; the others are in order of appearance, over the values' bits. */
  private abstract static class OfNumbers extends KeySource {
    private final NumberDictionary ids = new NumberDictionary(ColumnType.LONG);
    private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

    final void number(long[] bits, boolean hasNulls, int count, int[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = hasNulls && nulls[i] ? 0 : ids.add(bits[i]);
      }
    }

    final boolean[] nulls() {
      return nulls;
    }

    abstract Object valueOf(long bits);

    @Override
    final @Nullable Object value(int id) {
      return id == 0 ? null : valueOf(ids.bits(id));
    }
  }

  private static final class OfLongs extends OfNumbers {
    private final LongColumn column;
    private final ColumnType outputType;
    private final long[] values = new long[RowSet.BLOCK_ROWS];

    OfLongs(LongColumn column, ColumnType outputType) {
      this.column = column;
      this.outputType = outputType;
    }

    @Override
    void readIds(int from, int count, int[] out) {
      column.read(from, count, values);
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls());
      }
      number(values, column.hasNulls(), count, out);
    }

    @Override
    Object valueOf(long bits) {
      return switch (outputType) {
        case STRING -> Long.toString(bits);
        case LONG -> bits;
        case DOUBLE -> (double) bits;
        case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
      };
    }
  }

  private static final class OfDoubles extends OfNumbers {
    private final DoubleColumn column;
    private final ColumnType outputType;
    private final double[] values = new double[RowSet.BLOCK_ROWS];
    private final long[] bits = new long[RowSet.BLOCK_ROWS];

    OfDoubles(DoubleColumn column, ColumnType outputType) {
      this.column = column;
      this.outputType = outputType;
    }

    @Override
    void readIds(int from, int count, int[] out) {
      column.read(from, count, values);
      for (int i = 0; i < count; i++) {
        // Adding 0.0 makes -0.0 the same group as 0.0.
        bits[i] = Double.doubleToLongBits(values[i] + 0.0);
      }
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls());
      }
      number(bits, column.hasNulls(), count, out);
    }

    @Override
    Object valueOf(long bits) {
      double value = Double.longBitsToDouble(bits);
      return switch (outputType) {
        case STRING -> Double.toString(value);
        case LONG -> (long) value;
        case DOUBLE -> value;
        case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
      };
    }
  }
}
