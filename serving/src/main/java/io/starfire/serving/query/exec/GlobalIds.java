package io.starfire.serving.query.exec;

import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import io.starfire.serving.query.control.QueryControl;
import java.util.List;

/**
 * The ids of several sorted dictionaries in one: for each dictionary the global id of each of its
 * ids. Global ids are in the order of the values, so that those of a dictionary ascend; null is 0.
 *
 * <pre>
 *   dictionary 1: a=0 c=1           global ids: a=1 b=2 c=3      1: 0 -> 1, 1 -> 3
 *   dictionary 2: null=0 b=1 c=2                                 2: 0 -> 0, 1 -> 2, 2 -> 3
 * </pre>
 *
 * Holds 4 bytes for each id of each dictionary, and no text. Immutable; arrays are shared.
 */
final class GlobalIds {
  private static final int VALUES_BETWEEN_CHECKS = 1 << 14;

  private final int size;
  private final int[][] ofDictionary;

  private GlobalIds(int size, int[][] ofDictionary) {
    this.size = size;
    this.ofDictionary = ofDictionary;
  }

  /** The number of global ids, that of null included, whether it occurs or not. */
  int size() {
    return size;
  }

  /** The global id of each id of a dictionary. */
  int[] of(int dictionary) {
    return ofDictionary[dictionary];
  }

  long bytes() {
    long bytes = 0;
    for (int[] ids : ofDictionary) {
      bytes += 16 + 4L * ids.length;
    }
    return bytes;
  }

  /**
   * Merges dictionaries.
   *
   * @param columns all of them sorted
   */
  static GlobalIds merge(List<StringColumn> columns, QueryControl control) {
    int[][] ids = new int[columns.size()][];
    Merge merge = new Merge(columns.size());
    for (int d = 0; d < ids.length; d++) {
      ids[d] = new int[columns.get(d).cardinality()];
      merge.add(d, columns.get(d).values());
    }
    int next = 1;
    while (!merge.isEmpty()) {
      if (next % VALUES_BETWEEN_CHECKS == 0) {
        control.check();
      }
      do {
        ids[merge.dictionary()][merge.cursor().id()] = next;
      } while (merge.advance());
      next++;
    }
    return new GlobalIds(next, ids);
  }

  /** A heap of cursors, the one with the least value first. */
  private static final class Merge {
    private final ValueCursor[] cursors;
    private final int[] dictionaries;
    private int size;

    Merge(int capacity) {
      cursors = new ValueCursor[capacity];
      dictionaries = new int[capacity];
    }

    boolean isEmpty() {
      return size == 0;
    }

    ValueCursor cursor() {
      return cursors[0];
    }

    int dictionary() {
      return dictionaries[0];
    }

    void add(int dictionary, ValueCursor cursor) {
      if (!cursor.next()) {
        return;
      }
      int at = size++;
      while (at > 0 && cursor.compare(cursors[(at - 1) / 2]) < 0) {
        move((at - 1) / 2, at);
        at = (at - 1) / 2;
      }
      cursors[at] = cursor;
      dictionaries[at] = dictionary;
    }

    /** Moves the first cursor on; returns whether the new first one has the same value. */
    boolean advance() {
      boolean equal = size > 1 && hasEqual();
      ValueCursor moved = cursors[0];
      int dictionary = dictionaries[0];
      if (!moved.next()) {
        size--;
        if (size == 0) {
          return false;
        }
        moved = cursors[size];
        dictionary = dictionaries[size];
      }
      sink(moved, dictionary);
      return equal;
    }

    /**
     * Whether another cursor has the value of the first; it is then one of the first's children.
     */
    private boolean hasEqual() {
      return cursors[0].compare(cursors[1]) == 0
          || (size > 2 && cursors[0].compare(cursors[2]) == 0);
    }

    private void sink(ValueCursor cursor, int dictionary) {
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
      dictionaries[at] = dictionary;
    }

    private void move(int from, int to) {
      cursors[to] = cursors[from];
      dictionaries[to] = dictionaries[from];
    }
  }
}
