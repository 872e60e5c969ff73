package io.starfire.serving.query.compute;

import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;

/** Columns of numbers that a program computes for each row. Not thread-safe. */
final class ComputedNumbers {
  private ComputedNumbers() {}

  record Longs(Program program) implements LongColumn {
    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, long[] out) {
      Node values = program.run(from, count);
      for (int i = 0; i < count; i++) {
        out[i] = values.nulls[i] ? 0 : values.longs[i];
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      System.arraycopy(program.run(from, count).nulls, 0, out, 0, count);
    }
  }

  record Doubles(Program program) implements DoubleColumn {
    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, double[] out) {
      Node values = program.run(from, count);
      for (int i = 0; i < count; i++) {
        out[i] = values.nulls[i] ? 0 : values.doubles[i];
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      System.arraycopy(program.run(from, count).nulls, 0, out, 0, count);
    }
  }
}
