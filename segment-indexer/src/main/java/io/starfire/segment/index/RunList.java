package io.starfire.segment.index;

import java.util.Arrays;

/** Ranges of places that are still to be sorted, each with a number beside it. Not thread-safe. */
final class RunList {
  private static final int INTS = 3;

  private int[] runs = new int[INTS * 16];
  private int length;

  void add(int from, int to, int number) {
    if (length == runs.length) {
      runs = Arrays.copyOf(runs, length * 2);
    }
    runs[length] = from;
    runs[length + 1] = to;
    runs[length + 2] = number;
    length += INTS;
  }

  int count() {
    return length / INTS;
  }

  int from(int run) {
    return runs[run * INTS];
  }

  int to(int run) {
    return runs[run * INTS + 1];
  }

  int number(int run) {
    return runs[run * INTS + 2];
  }

  void removeLast() {
    length -= INTS;
  }

  void clear() {
    length = 0;
  }
}
