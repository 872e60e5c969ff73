package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.aggregate.Accumulator;

/**
 * Blocks of rows whose groups are found, and which aggregates have not taken yet. Then one
 * aggregate takes all of them, and the next: with many groups, the values of one aggregate fit the
 * processor's cache, where those of all together do not. Not thread-safe.
 */
final class WaitingBlocks {
  private static final int ROWS = 1 << 17;
  private static final int BLOCKS = ROWS / RowSet.BLOCK_ROWS;

  private final int[] groups = new int[ROWS];

  /** Of each block the first row, how many there are, and where its groups end. */
  private final int[] from = new int[BLOCKS];

  private final int[] count = new int[BLOCKS];
  private final int[] end = new int[BLOCKS];

  /** Which rows of a block have the groups, where these are not all; empty until it is needed. */
  private int[] rows = {};

  private int blocks;

  // Of the block that is taken.
  private final int[] blockGroups = new int[RowSet.BLOCK_ROWS];
  private final int[] blockRows = new int[RowSet.BLOCK_ROWS];

  /** Whether there is no room for one more block. */
  boolean isFull() {
    return blocks == BLOCKS;
  }

  /**
   * Adds rows of the block {@code [first, first + blockCount)}.
   *
   * @param chosen relative to {@code first}
   * @param chosenGroups of the rows
   */
  void add(int first, int blockCount, int[] chosen, int[] chosenGroups, int chosenCount) {
    int start = start(blocks);
    System.arraycopy(chosenGroups, 0, groups, start, chosenCount);
    if (chosenCount < blockCount) {
      if (rows.length == 0) {
        rows = new int[ROWS];
      }
      System.arraycopy(chosen, 0, rows, start, chosenCount);
    }
    from[blocks] = first;
    count[blocks] = blockCount;
    end[blocks] = start + chosenCount;
    blocks++;
  }

  private int start(int block) {
    return block == 0 ? 0 : end[block - 1];
  }

  /** Has an aggregate take all blocks. */
  void addTo(Accumulator accumulator) {
    for (int block = 0; block < blocks; block++) {
      int start = start(block);
      int length = end[block] - start;
      accumulator.read(from[block], count[block]);
      System.arraycopy(groups, start, blockGroups, 0, length);
      if (length == count[block]) {
        accumulator.addFirst(blockGroups, length);
      } else {
        System.arraycopy(rows, start, blockRows, 0, length);
        accumulator.add(blockRows, blockGroups, length);
      }
    }
  }

  /** All aggregates have taken them. */
  void clear() {
    blocks = 0;
  }

  /** Bytes of memory that it holds. */
  long bytes() {
    return (long) Integer.BYTES * (groups.length + rows.length);
  }
}
