package io.starfire.serving.query.vector;

/**
 * A column of values of one type, which grows. Whoever reads or writes many values takes the array
 * once and loops over it; the array is another one after {@link #grow}. Not thread-safe.
 */
public abstract sealed class Vector permits LongVector, DoubleVector, FlagVector, BytesVector {
  Vector() {}

  /** Values that there is room for. */
  public abstract int capacity();

  /** Makes room for values {@code [0, capacity)}; those that are new have the initial value. */
  public abstract void grow(int capacity);

  /**
   * Keeps the values of some places only, at the front; a vector without room for any stays so.
   *
   * @param places ascending
   */
  public abstract void keep(int[] places, int count);

  /** Bytes of memory that it holds. */
  public abstract long bytes();

  /** Writes values {@code [0, count)}; if there is no room for any, it writes none. */
  public abstract void write(VectorWriter out, int count);

  /** Reads what {@link #write} wrote, in place of what it holds. */
  public abstract void read(VectorReader in, int count);
}
