package io.starfire.segment.format;

import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges the sorted dictionaries of one column of several pieces into one, which goes straight to
 * the file. What stays in memory is one int for each value of each piece, and nothing where there
 * is one piece. Stateless.
 */
final class DictionaryMerger {
  private DictionaryMerger() {}

  /**
   * Writes the merged dictionary, and fills in the cardinality and whether null occurs.
   *
   * @return for each piece the merged id of each of its ids; null for one whose ids stay
   */
  static int[][] merge(
      List<? extends IndexedRows> pieces, ColumnDirectory directory, SegmentOutput output) {
    int[][] merged = new int[pieces.size()][];
    StringColumn[] columns = new StringColumn[merged.length];
    for (int i = 0; i < merged.length; i++) {
      columns[i] = (StringColumn) pieces.get(i).column(directory.name);
      directory.hasNulls |= hasNull(columns[i]);
    }
    DictionaryPages.Writer writer =
        new DictionaryPages.Writer(directory.dictionary, output, directory.hasNulls ? 1 : 0);
    if (merged.length == 1) {
      ValueCursor values = columns[0].values();
      while (values.next()) {
        writer.add(values.text(), values.start(), values.end());
      }
      directory.cardinality = columns[0].cardinality();
    } else {
      directory.cardinality = merge(columns, directory.hasNulls ? 1 : 0, merged, writer);
    }
    writer.finish();
    return merged;
  }

  private static boolean hasNull(StringColumn column) {
    return column.cardinality() > 0 && column.utf8(0) == null;
  }

  /** Returns how many ids there are. */
  private static int merge(
      StringColumn[] columns, int firstId, int[][] merged, DictionaryPages.Writer writer) {
    PriorityQueue<Source> sources =
        new PriorityQueue<>(Math.max(1, columns.length), (a, b) -> a.values.compare(b.values));
    for (int i = 0; i < columns.length; i++) {
      merged[i] = new int[columns[i].cardinality()];
      Source source = new Source(columns[i].values(), merged[i]);
      if (source.values.next()) {
        sources.add(source);
      }
    }
    int next = firstId;
    while (!sources.isEmpty()) {
      Source smallest = sources.poll();
      writer.add(smallest.values.text(), smallest.values.start(), smallest.values.end());
      while (!sources.isEmpty() && sources.peek().values.compare(smallest.values) == 0) {
        goOn(sources.poll(), next, sources);
      }
      goOn(smallest, next, sources);
      next++;
    }
    return next;
  }

  private static void goOn(Source source, int mergedId, PriorityQueue<Source> sources) {
    source.merged[source.values.id()] = mergedId;
    if (source.values.next()) {
      sources.add(source);
    }
  }

  /** The dictionary of one piece, at its smallest value that has no merged id yet. */
  private static final class Source {
    private final ValueCursor values;
    private final int[] merged;

    Source(ValueCursor values, int[] merged) {
      this.values = values;
      this.merged = merged;
    }
  }
}
