package io.starfire.serving.query.exec;

import io.starfire.segment.column.ValueCursor;

/**
 * Walks through several sorted dictionaries at once: a heap of cursors, the one with the least
 * value first. Not thread-safe.
 */
public final class ValueMerge {
  private final ValueCursor[] cursors;
  private final int[] numbers;
  private int size;

  /**
   * @param capacity cursors that are added at most
   */
  public ValueMerge(int capacity) {
    cursors = new ValueCursor[capacity];
    numbers = new int[capacity];
  }

  /** Whether all values were passed. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The first value. */
  public ValueCursor cursor() {
    return cursors[0];
  }

  /** The number of the dictionary of the first value. */
  public int number() {
    return numbers[0];
  }

  /**
   * Adds a dictionary.
   *
   * @param cursor before its first value
   */
  public void add(int number, ValueCursor cursor) {
    if (!cursor.next()) {
      return;
    }
    int at = size++;
    while (at > 0 && cursor.compare(cursors[(at - 1) / 2]) < 0) {
      move((at - 1) / 2, at);
      at = (at - 1) / 2;
    }
    cursors[at] = cursor;
    numbers[at] = number;
  }

  /** Goes on to the next value; returns whether it is the same as before, of another dictionary. */
  public boolean advance() {
    boolean equal = size > 1 && hasEqual();
    ValueCursor moved = cursors[0];
    int number = numbers[0];
    if (!moved.next()) {
      size--;
      if (size == 0) {
        return false;
      }
      moved = cursors[size];
      number = numbers[size];
    }
    sink(moved, number);
    return equal;
  }

  /** Whether another cursor has the value of the first; it is then one of the first's children. */
  private boolean hasEqual() {
    return cursors[0].compare(cursors[1]) == 0 || (size > 2 && cursors[0].compare(cursors[2]) == 0);
  }

  private void sink(ValueCursor cursor, int number) {
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && cursors[child + 1].compare(cursors[child]) < 0) {
        child++;
      }
      if (cursor.compare(cursors[child]) <= 0) {
        break;
      }
      move(child, at);
      at = child;
      child = 2 * at + 1;
    }
    cursors[at] = cursor;
    numbers[at] = number;
  }

  private void move(int from, int to) {
    cursors[to] = cursors[from];
    numbers[to] = numbers[from];
  }
}
