package io.starfire.segment.index;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleOrder;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot whose rows are sorted by time, then by the dimensions in the schema's order: strings
 * by their UTF-8 bytes, lists value by value with the shorter first, numbers ascending, doubles as
 * {@link Double#compare} has them, and null before everything. Rows that are equal stay in order of
 * arrival. Thread-safe.
 */
final class SortedRows implements IndexedRows {
  private final LiveSnapshot snapshot;
  private final LongColumn time;
  private final List<Column> dimensions;
  private final List<Column> metrics;

  private SortedRows(
      LiveSnapshot snapshot, LongColumn time, List<Column> dimensions, List<Column> metrics) {
    this.snapshot = snapshot;
    this.time = time;
    this.dimensions = dimensions;
    this.metrics = metrics;
  }

  /** Sorts a snapshot, which the result then owns. */
  static SortedRows of(LiveSnapshot snapshot) {
    int rows = snapshot.rowCount();
    RowSorter sorter = new RowSorter(rows);
    List<StringRanks> ranks = new ArrayList<>();
    for (RowColumn dimension : snapshot.dimensions()) {
      ranks.add(dimension instanceof LiveStringColumn strings ? StringRanks.of(strings) : null);
    }
    long[] keys = new long[rows];
    for (int i = ranks.size() - 1; i >= 0; i--) {
      sortByDimension(sorter, snapshot.dimensions().get(i), ranks.get(i), keys);
    }
    snapshot.liveTime().values().read(0, rows, keys);
    flipSigns(keys);
    sorter.sortBy(keys);
    int[] order = sorter.order();
    List<Column> dimensions = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      dimensions.add(ordered(snapshot.dimensions().get(i), ranks.get(i), order));
    }
    List<Column> metrics = new ArrayList<>();
    for (RowColumn metric : snapshot.metrics()) {
      metrics.add(ordered(metric, null, order));
    }
    LongColumn time = new SortedLongColumn(snapshot.liveTime(), order);
    return new SortedRows(snapshot, time, dimensions, metrics);
  }

  private static void sortByDimension(
      RowSorter sorter, RowColumn dimension, StringRanks ranks, long[] keys) {
    if (dimension instanceof LiveStringColumn strings) {
      for (int row = 0; row < keys.length; row++) {
        keys[row] = ranks.rank(strings.code(row));
      }
      sorter.sortBy(keys);
      return;
    }
    BitsView values =
        dimension instanceof LiveDoubleColumn doubles
            ? doubles.values()
            : ((LiveLongColumn) dimension).values();
    for (int row = 0; row < keys.length; row++) {
      long bits = values.bits(row);
      keys[row] = dimension instanceof LiveDoubleColumn ? DoubleOrder.toSortable(bits) : bits;
    }
    flipSigns(keys);
    sorter.sortBy(keys);
    if (values.hasNulls()) {
      for (int row = 0; row < keys.length; row++) {
        keys[row] = values.isNull(row) ? 0 : 1;
      }
      sorter.sortBy(keys);
    }
  }

  /** Signed order becomes unsigned order. */
  private static void flipSigns(long[] keys) {
    for (int row = 0; row < keys.length; row++) {
      keys[row] ^= Long.MIN_VALUE;
    }
  }

  private static Column ordered(RowColumn column, StringRanks ranks, int[] order) {
    if (column instanceof LiveStringColumn strings) {
      return new SortedStringColumn(strings, ranks, order);
    }
    if (column instanceof LiveBytesColumn bytes) {
      return new SortedBytesColumn(bytes, order);
    }
    return column instanceof LiveLongColumn longs
        ? new SortedLongColumn(longs, order)
        : new SortedDoubleColumn((LiveDoubleColumn) column, order);
  }

  @Override
  public DataSourceSchema schema() {
    return snapshot.schema();
  }

  @Override
  public long eventCount() {
    return snapshot.eventCount();
  }

  @Override
  public int rowCount() {
    return snapshot.rowCount();
  }

  @Override
  public Interval timeRange() {
    return snapshot.timeRange();
  }

  @Override
  public boolean sortedByTime() {
    return true;
  }

  @Override
  public List<String> columnNames() {
    return snapshot.columnNames();
  }

  @Override
  public LongColumn time() {
    return time;
  }

  @Override
  public Column column(String name) {
    return ColumnNames.find(schema(), name, time, dimensions, metrics);
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
