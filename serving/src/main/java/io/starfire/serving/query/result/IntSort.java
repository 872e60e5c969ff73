package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import java.util.Arrays;

/** Sorts numbers by an order of one's own, by merging; what is in order already costs one pass. */
final class IntSort {
  private static final int SMALL = 12;
  private static final int BETWEEN_CHECKS = 1 << 14;

  private final IntComparator order;
  private final QueryControl control;

  private IntSort(IntComparator order, QueryControl control) {
    this.order = order;
    this.control = control;
  }

  /** Sorts all of them; those that are equal stay in their order. */
  static void sort(int[] values, IntComparator order, QueryControl control) {
    new IntSort(order, control)
        .sort(values, Arrays.copyOf(values, values.length), 0, values.length);
  }

  /** Sorts values {@code [from, to)}, of which {@code other} has a copy. */
  private void sort(int[] values, int[] other, int from, int to) {
    if (to - from <= SMALL) {
      insert(values, from, to);
      return;
    }
    if (to - from > BETWEEN_CHECKS) {
      control.check();
    }
    int middle = (from + to) >>> 1;
    sort(other, values, from, middle);
    sort(other, values, middle, to);
    if (order.compare(other[middle - 1], other[middle]) <= 0) {
      System.arraycopy(other, from, values, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          right == to || (left < middle && order.compare(other[left], other[right]) <= 0);
      values[at] = takeLeft ? other[left++] : other[right++];
    }
  }

  private void insert(int[] values, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int value = values[i];
      int at = i;
      while (at > from && order.compare(values[at - 1], value) > 0) {
        values[at] = values[at - 1];
        at--;
      }
      values[at] = value;
    }
  }
}
