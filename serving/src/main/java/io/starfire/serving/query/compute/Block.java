package io.starfire.serving.query.compute;

/** The rows at hand of a {@link Program}. Not thread-safe. */
final class Block {
  private int from;
  private int count;
  private long number;

  /** Goes to rows {@code [from, from + count)}; what was computed before is old. */
  void moveTo(int newFrom, int newCount) {
    from = newFrom;
    count = newCount;
    number++;
  }

  int from() {
    return from;
  }

  int count() {
    return count;
  }

  /** Differs for each call of {@link #moveTo}. */
  long number() {
    return number;
  }
}
