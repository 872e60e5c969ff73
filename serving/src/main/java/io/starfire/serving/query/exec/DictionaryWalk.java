package io.starfire.serving.query.exec;

import io.starfire.common.Interval;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a column of several row sets in order, null left out, each with the number of rows
 * that have it. No row is read. Not thread-safe.
 */
public final class DictionaryWalk {
  private static final int COUNTS_AT_ONCE = 1024;

  private final List<Counts> columns;
  private final ValueMerge merge;
  private String value = "";
  private long rows;

  /** How many rows have the values of one column, some values at a time. */
  private static final class Counts {
    private final StringColumn column;
    private final int[] counts = new int[COUNTS_AT_ONCE];
    private int from;
    private int to;

    Counts(StringColumn column) {
      this.column = column;
    }

    /** Whether they are known. */
    boolean areKnown() {
      return column.readRowCounts(0, Math.min(1, column.cardinality()), counts);
    }

    int of(int id) {
      if (id < from || id >= to) {
        from = id;
        to = (int) Math.min(column.cardinality(), (long) id + COUNTS_AT_ONCE);
        boolean unused = column.readRowCounts(from, to - from, counts);
      }
      return counts[id - from];
    }
  }

  private DictionaryWalk(List<Counts> columns) {
    this.columns = columns;
    this.merge = new ValueMerge(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      merge.add(i, columns.get(i).column.values());
    }
  }

  /**
   * A walk over a column; it stands before the first value.
   *
   * @return null if some of the row sets' rows do not count, or must be read
   */
  public static @Nullable DictionaryWalk over(
      String name, List<Interval> intervals, List<RowSource> sources) {
    List<Counts> columns = new ArrayList<>();
    for (RowSource source : sources) {
      RowSet rows = source.rows();
      List<Interval> shown = QueryEngine.clip(intervals, source.parts());
      if (rows.rowCount() == 0 || shown.stream().noneMatch(rows.timeRange()::overlaps)) {
        continue;
      }
      Column column = rows.column(name);
      if (!(rows instanceof IndexedRows)
          || shown.stream().noneMatch(part -> part.contains(rows.timeRange()))) {
        return null;
      }
      if (column == null) {
        continue;
      }
      // A row with one value twice counts twice, which is not known.
      if (!(column instanceof StringColumn strings) || !strings.sorted() || strings.multiValued()) {
        return null;
      }
      Counts counts = new Counts(strings);
      if (!counts.areKnown()) {
        return null;
      }
      columns.add(counts);
    }
    return new DictionaryWalk(columns);
  }

  /** Goes on to the next value; false if there is none. */
  public boolean next() {
    if (merge.isEmpty()) {
      return false;
    }
    ValueCursor first = merge.cursor();
    value = new String(first.utf8(), StandardCharsets.UTF_8);
    rows = 0;
    do {
      rows += columns.get(merge.number()).of(merge.cursor().id());
    } while (merge.advance());
    return true;
  }

  /** The value. */
  public String value() {
    return value;
  }

  /** How many rows have it. */
  public long rows() {
    return rows;
  }
}
