package io.starfire.serving.query.source;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.compute.DerivedRows;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a join: for each row of a row set that the query may count, those of the table
 * that fit it. Used once, by one thread.
 */
public final class Joiner {
  private final RowSet left;
  private final DataSource.Join join;
  private final JoinTable table;
  private final QueryControl control;
  private int[] leftRows = new int[RowSet.BLOCK_ROWS];
  private int[] rightRows = new int[RowSet.BLOCK_ROWS];
  private int size;

  private Joiner(RowSet left, DataSource.Join join, JoinTable table, QueryControl whole) {
    this.left = left;
    this.join = join;
    this.table = table;
    this.control = whole.part();
  }

  /**
   * What a query asks of the rows of a join, as far as it can be asked of the left side alone.
   *
   * @param intervals when rows count, in order, not overlapping
   * @param filter of the query; null for all rows
   * @param virtualColumns of the query
   */
  public record Wanted(
      List<Interval> intervals, @Nullable Filter filter, VirtualColumns virtualColumns) {
    /** The part of the filter that reads no column with one of the prefixes. */
    private @Nullable Filter without(List<String> prefixes) {
      List<Filter> parts =
          filter == null
              ? List.of()
              : filter instanceof Filter.And and ? and.fields() : List.of(filter);
      List<Filter> kept = new ArrayList<>();
      for (Filter part : parts) {
        Set<String> columns = new LinkedHashSet<>();
        part.collectColumns(columns);
        if (virtualColumns.stored(columns).stream()
            .noneMatch(column -> prefixes.stream().anyMatch(column::startsWith))) {
          kept.add(part);
        }
      }
      return kept.isEmpty() ? null : new Filter.And(kept);
    }
  }

  /**
   * Joins a row set.
   *
   * @param left stays open for as long as the result is used
   * @param prefixes of this join and of those whose left side it is, whose columns are not there
   *     yet
   */
  public static JoinedRows join(
      RowSet left,
      DataSource.Join join,
      JoinTable table,
      Wanted wanted,
      List<String> prefixes,
      QueryControl control) {
    Joiner joiner = new Joiner(left, join, table, control);
    boolean complete = false;
    try {
      JoinedRows joined = joiner.run(wanted, prefixes);
      complete = true;
      return joined;
    } finally {
      if (!complete) {
        joiner.control.releaseAll();
      }
    }
  }

  private JoinedRows run(Wanted wanted, List<String> prefixes) {
    control.reserveForRows(2L * Integer.BYTES * leftRows.length);
    if (left.rowCount() > 0) {
      addAll(wanted, prefixes);
    }
    return new JoinedRows(left, leftRows, table.rows(), rightRows, size, join.prefix(), control);
  }

  private void addAll(Wanted wanted, List<String> prefixes) {
    try (DerivedRows rows = new DerivedRows(left, wanted.virtualColumns, control);
        DerivedRows keyRows = new DerivedRows(left, VirtualColumns.NONE, control)) {
      JoinKeys keys = keys(keyRows);
      RowSelector selector =
          new RowSelector(
              new FilterCompiler(rows, control), wanted.without(prefixes), wanted.intervals);
      int[] chosen = new int[RowSet.BLOCK_ROWS];
      for (RowSelector.Range range : selector.ranges()) {
        int from = range.from();
        while (from < range.to()) {
          control.check();
          int end = Math.min(range.to(), (from / RowSet.BLOCK_ROWS + 1) * RowSet.BLOCK_ROWS);
          int chosenCount = selector.select(from, end - from, chosen);
          if (chosenCount > 0) {
            add(from, end - from, chosen, chosenCount, keys);
          }
          from = end;
        }
      }
    }
  }

  private JoinKeys keys(DerivedRows rows) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < join.keys().size(); i++) {
      DataSource.Join.Key key = join.keys().get(i);
      // With a text everything is compared as text; numbers are compared by value, whatever type.
      ColumnType type = table.type(i) == ColumnType.STRING ? ColumnType.STRING : null;
      columns.add(rows.column(new VirtualColumn.Expressed("key " + (i + 1), key.left(), type)));
    }
    return new JoinKeys(columns, table);
  }

  private void add(int from, int count, int[] chosen, int chosenCount, JoinKeys keys) {
    int[] found = keys.find(from, count);
    for (int i = 0; i < chosenCount; i++) {
      int key = found[chosen[i]];
      int row = from + chosen[i];
      if (key >= 0) {
        for (int place = table.start(key); place < table.end(key); place++) {
          add(row, table.rowAt(place));
        }
      } else if (join.keepsLeft()) {
        add(row, JoinedRows.NONE);
      }
    }
  }

  private void add(int leftRow, int rightRow) {
    if (size == leftRows.length) {
      grow();
    }
    leftRows[size] = leftRow;
    rightRows[size] = rightRow;
    size++;
  }

  private void grow() {
    control.check();
    if (size > Integer.MAX_VALUE / 4) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "a join makes more than %,d rows of one segment; use a filter or another condition"
              .formatted(size));
    }
    control.reserveForRows(2L * Integer.BYTES * leftRows.length);
    leftRows = Arrays.copyOf(leftRows, 2 * size);
    rightRows = Arrays.copyOf(rightRows, 2 * size);
  }
}
