package io.starfire.kernel;

/**
 * Looks for the watermark up to which so many entries fall due, in spans of time of which only the
 * number of entries is known. Not thread-safe.
 */
final class DueSteps {
  private final long from;
  private final int most;
  private long counted;
  private long end;

  /**
   * @param from where the watermark stands
   * @param to above {@code from}
   * @param most how many entries may fall due
   */
  DueSteps(long from, long to, int most) {
    this.from = from;
    this.most = most;
    this.end = to;
  }

  /**
   * Adds the next span.
   *
   * @param startMillis inclusive
   * @param endMillis exclusive; above {@code from}
   * @return whether the watermark is found
   */
  boolean isEnoughWith(long startMillis, long endMillis, long entries) {
    long start = Math.max(from, startMillis);
    if (start >= end) {
      return true;
    }
    if (counted + entries <= most) {
      counted += entries;
      return false;
    }
    // One span alone can be too much: then a part of it, as if its entries lay evenly in it.
    end = counted > 0 ? start : Math.min(end, start + part(endMillis - start, entries));
    return true;
  }

  private long part(long spanMillis, long entries) {
    return Math.max(1, spanMillis * most / entries);
  }

  /** What was found; where the watermark is to go, if that is not too far. */
  long end() {
    return end;
  }
}
