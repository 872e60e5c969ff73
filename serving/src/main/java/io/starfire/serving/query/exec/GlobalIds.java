package io.starfire.serving.query.exec;

import io.starfire.segment.column.StringColumn;
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
    ValueMerge merge = new ValueMerge(columns.size());
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
        ids[merge.number()][merge.cursor().id()] = next;
      } while (merge.advance());
      next++;
    }
    return new GlobalIds(next, ids);
  }
}
