package io.starfire.serving.query.result;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.partial.Dictionary;
import org.jspecify.annotations.Nullable;

/** One output of all groups, read where it is kept. Not thread-safe. */
interface OutputColumn {
  /** The output of a group: null, a Long, a Double, a String or an array. */
  @Nullable Object value(int group);

  boolean isNull(int group);

  /** If it is LONG and not null. */
  long longAt(int group);

  /** If it is DOUBLE and not null. */
  double doubleAt(int group);

  /** Compares the outputs of two groups in their natural order, nulls first. */
  int compare(int left, int right);

  private static IllegalStateException unordered() {
    return new IllegalStateException("no group is compared by a sketch or an array");
  }

  /** The values of a dimension. */
  final class OfKey implements OutputColumn {
    private final Dictionary values;
    private final int[] ids;

    OfKey(Dictionary values, int[] ids) {
      this.values = values;
      this.ids = ids;
    }

    Dictionary values() {
      return values;
    }

    int[] ids() {
      return ids;
    }

    @Override
    public @Nullable Object value(int group) {
      return values.value(ids[group]);
    }

    @Override
    public boolean isNull(int group) {
      return ids[group] == 0;
    }

    @Override
    public long longAt(int group) {
      return (Long) requireNonNull(value(group), "a value that is not null");
    }

    @Override
    public double doubleAt(int group) {
      return (Double) requireNonNull(value(group), "a value that is not null");
    }

    @Override
    public int compare(int left, int right) {
      return ids[left] == ids[right] ? 0 : values.compare(ids[left], values, ids[right]);
    }
  }

  /** The results of an aggregate. */
  record OfAggregate(AggregateColumn column) implements OutputColumn {
    @Override
    public @Nullable Object value(int group) {
      return column.value(group);
    }

    @Override
    public boolean isNull(int group) {
      return column.isNull(group);
    }

    @Override
    public long longAt(int group) {
      return column.longAt(group);
    }

    @Override
    public double doubleAt(int group) {
      return column.doubleAt(group);
    }

    @Override
    public int compare(int left, int right) {
      boolean leftNull = column.isNull(left);
      boolean rightNull = column.isNull(right);
      if (leftNull || rightNull) {
        return Boolean.compare(!leftNull, !rightNull);
      }
      return column.compare(left, right);
    }
  }

  /** Values that were computed, in columns of their own. */
  final class OfComputed implements OutputColumn {
    private final ColumnType type;
    private final long[] bits;
    private final boolean[] nulls;
    private final Dictionary texts;

    OfComputed(ColumnType type, long[] bits, boolean[] nulls, Dictionary texts) {
      this.type = type;
      this.bits = bits;
      this.nulls = nulls;
      this.texts = texts;
    }

    @Override
    public @Nullable Object value(int group) {
      if (nulls[group]) {
        return null;
      }
      return switch (type) {
        case LONG -> longAt(group);
        case DOUBLE -> doubleAt(group);
        case STRING -> texts.value((int) bits[group]);
        case COMPLEX -> throw unordered();
      };
    }

    @Override
    public boolean isNull(int group) {
      return nulls[group];
    }

    @Override
    public long longAt(int group) {
      return bits[group];
    }

    @Override
    public double doubleAt(int group) {
      return Double.longBitsToDouble(bits[group]);
    }

    @Override
    public int compare(int left, int right) {
      if (nulls[left] || nulls[right]) {
        return Boolean.compare(!nulls[left], !nulls[right]);
      }
      return switch (type) {
        case LONG -> Long.compare(bits[left], bits[right]);
        case DOUBLE -> Double.compare(doubleAt(left), doubleAt(right));
        case STRING -> texts.compare((int) bits[left], texts, (int) bits[right]);
        case COMPLEX -> throw unordered();
      };
    }
  }
}
