package io.starfire.common;

import java.time.Duration;

/** The growing pauses after failures in a row. Not thread-safe. */
final class LoopBackoff {
  private final Duration first;
  private final Duration longest;
  private int failuresInARow;

  LoopBackoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  void failed() {
    failuresInARow++;
  }

  void succeeded() {
    failuresInARow = 0;
  }

  boolean isFailing() {
    return failuresInARow > 0;
  }

  int failuresInARow() {
    return failuresInARow;
  }

  /** The pause before the next step. After a step that succeeded it is {@code interval}. */
  Duration pause(Duration interval) {
    if (failuresInARow == 0) {
      return interval;
    }
    Duration pause = first;
    for (int i = 1; i < failuresInARow && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
