package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** Keeps readers of a snapshot away from rows that were added after it. Stateless. */
final class Bounds {
  private Bounds() {}

  static void check(int from, int count, int rows) {
    if (from < 0 || count < 0 || from > rows - count) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "rows [%d, %d) must be within [0, %d)".formatted(from, (long) from + count, rows));
    }
  }
}
