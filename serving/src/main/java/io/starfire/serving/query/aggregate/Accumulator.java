package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import java.util.stream.IntStream;

/**
 * Adds the rows of one row set to the groups of a column, which are numbered. The values of a block
 * are read once, then added row by row. Not thread-safe.
 */
public abstract class Accumulator {
  /** The rows of a block, all of them. */
  private static final int[] ALL_ROWS = IntStream.range(0, RowSet.BLOCK_ROWS).toArray();

  /**
   * Says, before the first row, that no group is left without a row: each is of a row that is added
   * here. Whoever has a value in every row need not note for each group that it has one.
   */
  public void expectAllRows() {}

  /** Reads the values of rows {@code [from, from + count)}. */
  public abstract void read(int from, int count);

  /**
   * Adds rows of the block that was read.
   *
   * @param rows relative to the block's start
   * @param groups of each of the rows; the column has room for them
   */
  public abstract void add(int[] rows, int[] groups, int count);

  /**
   * Adds the first rows of the block that was read, all of them.
   *
   * @param groups of each of the rows; the column has room for them
   */
  public void addFirst(int[] groups, int count) {
    add(ALL_ROWS, groups, count);
  }

  /** Adds rows of the block that was read, all to one group. */
  public abstract void addToOne(int[] rows, int count, int group);

  /**
   * Adds rows {@code [from, to)} of the row set, which need not have been read, all to one group.
   * Whoever knows what blocks of rows add up to does not read them.
   */
  public void addRange(int from, int to, int group) {
    int row = from;
    while (row < to) {
      int end = Math.min(to, (row / RowSet.BLOCK_ROWS + 1) * RowSet.BLOCK_ROWS);
      read(row, end - row);
      addToOne(ALL_ROWS, end - row, group);
      row = end;
    }
  }

  /** Bytes of memory that it holds beside its column. */
  public long bytes() {
    return 0;
  }

  /**
   * Adds what is kept of some groups beside the column to that of others, once, before {@link
   * #finish}; what is in the column is merged apart.
   *
   * @param from which keep nothing beside the column after that
   */
  public void addUp(int[] from, int[] into, int count) {}

  /**
   * Called once, after the last row of the row set: what was kept in terms of it, such as ids of
   * its dictionaries, becomes values.
   */
  public void finish(int groups) {}
}
