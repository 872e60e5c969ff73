package io.starfire.serving.query.filter;

/**
 * A filter on the rows of one row set. Not thread-safe: it keeps arrays for a block.
 *
 * <p>Unknown is handled as in Druid: a caller asks either for the rows that are true, or for those
 * that are true or unknown; {@code not} turns one question into the other.
 */
public interface RowMatcher {
  /**
   * Sets {@code out[i]} for rows {@code [from, from + count)}.
   *
   * @param withUnknown whether rows for which the filter is unknown are wanted too
   */
  void match(int from, int count, boolean withUnknown, boolean[] out);
}
