package io.starfire.serving.query.compute;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.QueryChecks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The nodes that values come from. */
final class Inputs {
  private Inputs() {}

  private static ValueType typeOf(StringColumn column) {
    return column.isJson() ? ValueType.JSON : ValueType.STRING;
  }

  /** One value for all rows. */
  static final class Constant extends Node {
    Constant(ValueType type, int capacity, @Nullable Object value) {
      super(type, capacity);
      set(0, value);
      Arrays.fill(nulls, nulls[0]);
      if (value instanceof Long) {
        Arrays.fill(longs, longs[0]);
      } else if (value instanceof Double) {
        Arrays.fill(doubles, doubles[0]);
      } else if (value != null) {
        Arrays.fill(objects, value);
      }
    }

    @Override
    void compute(Block block) {}

    @Override
    boolean isConstant() {
      return true;
    }
  }

  /** Values that somebody else puts into it before each block. */
  static final class Given extends Node {
    Given(ValueType type, int capacity) {
      super(type, capacity);
    }

    @Override
    void compute(Block block) {}
  }

  /** The value that another program's node has in one row, for all rows of this program. */
  static final class Captured extends Node {
    private final Node outer;

    Captured(Node outer, int capacity) {
      super(outer.type, capacity);
      this.outer = outer;
    }

    Node outer() {
      return outer;
    }

    /** Takes the value of a row that the other program has computed. */
    void capture(int row, int count) {
      Object value = outer.value(row);
      for (int i = 0; i < count; i++) {
        set(i, value);
      }
    }

    @Override
    void compute(Block block) {}
  }

  static final class OfLongs extends Node {
    private final LongColumn column;

    OfLongs(LongColumn column, int capacity) {
      super(ValueType.LONG, capacity);
      this.column = column;
    }

    @Override
    void compute(Block block) {
      column.read(block.from(), block.count(), longs);
      if (column.hasNulls()) {
        column.readNulls(block.from(), block.count(), nulls);
      }
    }
  }

  static final class OfDoubles extends Node {
    private final DoubleColumn column;

    OfDoubles(DoubleColumn column, int capacity) {
      super(ValueType.DOUBLE, capacity);
      this.column = column;
    }

    @Override
    void compute(Block block) {
      column.read(block.from(), block.count(), doubles);
      if (column.hasNulls()) {
        column.readNulls(block.from(), block.count(), nulls);
      }
    }
  }

  /** Of a column with one value in each row. */
  static final class OfStrings extends Node {
    private final StringColumn column;
    private final int[] ids;

    OfStrings(StringColumn column, int capacity) {
      super(typeOf(column), capacity);
      this.column = column;
      this.ids = new int[capacity];
    }

    @Override
    void compute(Block block) {
      column.readIds(block.from(), block.count(), ids);
      for (int i = 0; i < block.count(); i++) {
        String value = column.value(ids[i]);
        objects[i] = value;
        nulls[i] = value == null;
      }
    }
  }

  /** The values of a dictionary: its ids are the rows. */
  static final class OfDictionary extends Node {
    private final StringColumn column;

    OfDictionary(StringColumn column, int capacity) {
      super(typeOf(column), capacity);
      this.column = column;
    }

    @Override
    void compute(Block block) {
      for (int i = 0; i < block.count(); i++) {
        String value = column.value(block.from() + i);
        objects[i] = value;
        nulls[i] = value == null;
      }
    }
  }

  /** All values of each row as an array; a row with no value but null is null. */
  static final class OfValues extends Node {
    private final StringColumn column;

    OfValues(StringColumn column, int capacity) {
      super(ValueType.STRING_ARRAY, capacity);
      this.column = column;
    }

    @Override
    void compute(Block block) {
      int[] one = new int[1];
      for (int i = 0; i < block.count(); i++) {
        int[] ids = one;
        if (column.multiValued()) {
          ids = column.readValues(block.from() + i);
        } else {
          column.readIds(block.from() + i, 1, one);
        }
        Object[] values = new Object[ids.length];
        for (int v = 0; v < values.length; v++) {
          values[v] = column.value(ids[v]);
        }
        nulls[i] = values.length == 1 && values[0] == null;
        objects[i] = values;
      }
    }
  }

  /** The values of a column that is not a string column with several values. */
  static Node of(@Nullable Column column, int capacity) {
    if (column instanceof LongColumn longs) {
      return new OfLongs(longs, capacity);
    }
    if (column instanceof DoubleColumn doubles) {
      return new OfDoubles(doubles, capacity);
    }
    if (column instanceof BytesColumn) {
      throw QueryChecks.complex("an expression, or a comparison of columns,");
    }
    return column instanceof StringColumn strings
        ? new OfStrings(strings, capacity)
        : new Constant(ValueType.NOTHING, capacity, null);
  }
}
