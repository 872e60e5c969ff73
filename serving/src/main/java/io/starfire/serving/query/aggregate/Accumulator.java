package io.starfire.serving.query.aggregate;

/**
 * Adds the rows of one row set to the groups of a column, which are numbered. The values of a block
 * are read once, then added row by row. Not thread-safe.
 */
public abstract class Accumulator {
  /** Reads the values of rows {@code [from, from + count)}. */
  public abstract void read(int from, int count);

  /**
   * Adds rows of the block that was read.
   *
   * @param rows relative to the block's start
   * @param groups of each of the rows; the column has room for them
   */
  public abstract void add(int[] rows, int[] groups, int count);

  /** Adds rows of the block that was read, all to one group. */
  public abstract void addToOne(int[] rows, int count, int group);

  /**
   * Called once, after the last row of the row set: what was kept in terms of it, such as ids of
   * its dictionaries, becomes values.
   */
  public void finish(int groups) {}
}
