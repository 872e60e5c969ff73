package io.starfire.serving.query.filter;

/**
 * A filter on the rows of one row set. Not thread-safe: it keeps arrays for a block.
 *
 * <p>Unknown is handled as in Druid: a caller asks either for the rows that are true, or for those
 * that are true or unknown; {@code not} turns one question into the other.
 */
public interface RowMatcher {
  /** What is known of some rows before they are looked at. */
  enum Verdict {
    ALL,
    SOME,
    NONE;

    static Verdict of(boolean all) {
      return all ? ALL : NONE;
    }

    Verdict negated() {
      return switch (this) {
        case ALL -> NONE;
        case SOME -> SOME;
        case NONE -> ALL;
      };
    }
  }

  /**
   * What summaries say of the rows of a stored block; {@code SOME} if they do not decide.
   *
   * @param block number of the block, each of {@link
   *     io.starfire.segment.column.BlockSummaries#ROWS} rows
   * @param withUnknown as in {@link #match}
   */
  default Verdict verdict(int block, boolean withUnknown) {
    return Verdict.SOME;
  }

  /**
   * Sets {@code out[i]} for rows {@code [from, from + count)}.
   *
   * @param withUnknown whether rows for which the filter is unknown are wanted too
   */
  void match(int from, int count, boolean withUnknown, boolean[] out);
}
