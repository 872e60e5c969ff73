package io.starfire.segment.format;

import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges the sorted dictionaries of one column of several pieces into one, which goes straight to
 * the file. What stays in memory is one int for each value of each piece. Stateless.
 */
final class DictionaryMerger {
  private static final Comparator<byte[]> ORDER = Comparator.nullsFirst(Arrays::compareUnsigned);

  private DictionaryMerger() {}

  /**
   * Writes the merged dictionary, and fills in the cardinality and whether null occurs.
   *
   * @return for each piece the merged id of each of its ids
   */
  static int[][] merge(
      List<? extends IndexedRows> pieces, ColumnDirectory directory, SegmentOutput output) {
    int[][] merged = new int[pieces.size()][];
    PriorityQueue<Source> sources = new PriorityQueue<>((a, b) -> ORDER.compare(a.value, b.value));
    for (int i = 0; i < merged.length; i++) {
      StringColumn column = (StringColumn) pieces.get(i).column(directory.name);
      merged[i] = new int[column.cardinality()];
      if (column.cardinality() > 0) {
        Source source = new Source(column, merged[i]);
        sources.add(source);
        directory.hasNulls |= source.value == null;
      }
    }
    DictionaryPages.Writer writer =
        new DictionaryPages.Writer(directory.dictionary, output, directory.hasNulls ? 1 : 0);
    byte[] last = null;
    int next = 0;
    while (!sources.isEmpty()) {
      Source source = sources.poll();
      if (next == 0 || !Arrays.equals(source.value, last)) {
        last = source.value;
        next++;
        if (last != null) {
          writer.add(last);
        }
      }
      if (source.assign(next - 1)) {
        sources.add(source);
      }
    }
    writer.finish();
    directory.cardinality = next;
    return merged;
  }

  /** The dictionary of one piece, at its smallest value that has no merged id yet. */
  private static final class Source {
    private final StringColumn column;
    private final int[] merged;
    private int id;
    private byte[] value;

    Source(StringColumn column, int[] merged) {
      this.column = column;
      this.merged = merged;
      this.value = column.utf8(0);
    }

    /** Moves on; false if there are no more values. */
    boolean assign(int mergedId) {
      merged[id++] = mergedId;
      if (id == merged.length) {
        return false;
      }
      value = column.utf8(id);
      return true;
    }
  }
}
