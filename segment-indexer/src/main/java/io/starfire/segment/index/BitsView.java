package io.starfire.segment.index;

/** The numbers of one column of a snapshot, as 64 bits each. Immutable to its readers. */
sealed interface BitsView permits BitsView.Flat, MetricStore.View {
  long bits(int row);

  boolean isNull(int row);

  boolean hasNulls();

  /** Reads rows {@code [from, from + count)} into {@code out[0..count)}; a null reads as 0. */
  void read(int from, int count, long[] out);

  /** Arrays that only grow: those of a dimension. */
  final class Flat implements BitsView {
    private final long[] values;
    private final boolean[] nulls;

    /**
     * @param values at least one for each row
     * @param nulls which rows are null, or null if none is
     */
    Flat(long[] values, boolean[] nulls) {
      this.values = values;
      this.nulls = nulls;
    }

    @Override
    public long bits(int row) {
      return values[row];
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls[row];
    }

    @Override
    public boolean hasNulls() {
      return nulls != null;
    }

    @Override
    public void read(int from, int count, long[] out) {
      System.arraycopy(values, from, out, 0, count);
    }
  }
}
