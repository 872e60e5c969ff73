package io.starfire.serving.query.compute;

import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;

/** Columns of numbers that are computed once for each value of a dictionary. Not thread-safe. */
final class MappedNumbers {
  private MappedNumbers() {}

  /** The nulls of a dictionary's values, and the ids of rows. */
  private static final class Ids {
    private final StringColumn dictionary;
    private final boolean[] nulls;
    private final int[] ids = new int[RowSet.BLOCK_ROWS];

    Ids(StringColumn dictionary, QueryControl control) {
      control.reserveForExpressions(9L * dictionary.cardinality());
      this.dictionary = dictionary;
      this.nulls = new boolean[dictionary.cardinality()];
    }

    interface Values {
      void take(int id, Node values, int at);
    }

    /** Runs over all values of the dictionary. */
    void compute(Program program, Values values) {
      for (int from = 0; from < nulls.length; from += RowSet.BLOCK_ROWS) {
        int count = Math.min(RowSet.BLOCK_ROWS, nulls.length - from);
        Node block = program.run(from, count);
        for (int i = 0; i < count; i++) {
          nulls[from + i] = block.nulls[i];
          if (!block.nulls[i]) {
            values.take(from + i, block, i);
          }
        }
      }
    }

    boolean hasNulls() {
      for (boolean one : nulls) {
        if (one) {
          return true;
        }
      }
      return false;
    }

    void read(int from, int count) {
      dictionary.readIds(from, count, ids);
    }

    void readNulls(int from, int count, boolean[] out) {
      read(from, count);
      for (int i = 0; i < count; i++) {
        out[i] = nulls[ids[i]];
      }
    }
  }

  static final class Longs implements LongColumn {
    private final Ids ids;
    private final long[] values;
    private final boolean hasNulls;

    Longs(StringColumn dictionary, Program program, QueryControl control) {
      this.ids = new Ids(dictionary, control);
      this.values = new long[dictionary.cardinality()];
      ids.compute(program, (id, block, at) -> values[id] = block.longs[at]);
      this.hasNulls = ids.hasNulls();
    }

    @Override
    public boolean hasNulls() {
      return hasNulls;
    }

    @Override
    public void read(int from, int count, long[] out) {
      ids.read(from, count);
      for (int i = 0; i < count; i++) {
        out[i] = values[ids.ids[i]];
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      ids.readNulls(from, count, out);
    }
  }

  static final class Doubles implements DoubleColumn {
    private final Ids ids;
    private final double[] values;
    private final boolean hasNulls;

    Doubles(StringColumn dictionary, Program program, QueryControl control) {
      this.ids = new Ids(dictionary, control);
      this.values = new double[dictionary.cardinality()];
      ids.compute(program, (id, block, at) -> values[id] = block.doubles[at]);
      this.hasNulls = ids.hasNulls();
    }

    @Override
    public boolean hasNulls() {
      return hasNulls;
    }

    @Override
    public void read(int from, int count, double[] out) {
      ids.read(from, count);
      for (int i = 0; i < count; i++) {
        out[i] = values[ids.ids[i]];
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      ids.readNulls(from, count, out);
    }
  }
}
