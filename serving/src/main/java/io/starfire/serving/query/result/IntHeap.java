package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import java.util.Arrays;

/**
 * The best few of many numbers. The worst of them is at the top, so that most numbers cost one
 * comparison. It grows with what there is, not with what is asked for. Not thread-safe.
 */
final class IntHeap {
  private final IntComparator bestFirst;
  private final int limit;
  private int[] heap = new int[16];
  private int size;

  /**
   * @param bestFirst never 0 for two numbers that are offered
   */
  IntHeap(IntComparator bestFirst, int limit) {
    this.bestFirst = bestFirst;
    this.limit = limit;
  }

  /** Whether the next number that is offered is kept besides the others. */
  boolean hasRoom() {
    return size < limit;
  }

  void offer(int value) {
    if (size < limit) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, (int) Math.min(limit, 2L * size));
      }
      up(size++, value);
    } else if (limit > 0 && bestFirst.compare(value, heap[0]) < 0) {
      down(value);
    }
  }

  private void up(int free, int value) {
    int at = free;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (bestFirst.compare(value, heap[parent]) <= 0) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = value;
  }

  /** Puts a value in the place of the worst. */
  private void down(int value) {
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && bestFirst.compare(heap[child + 1], heap[child]) > 0) {
        child++;
      }
      if (bestFirst.compare(value, heap[child]) >= 0) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = value;
  }

  /** What is kept, the best first. */
  int[] sorted(QueryControl control) {
    int[] sorted = Arrays.copyOf(heap, size);
    IntSort.sort(sorted, bestFirst, control);
    return sorted;
  }
}
