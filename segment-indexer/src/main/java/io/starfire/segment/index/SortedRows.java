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
  private final boolean distinct;

  private SortedRows(
      LiveSnapshot snapshot,
      LongColumn time,
      List<Column> dimensions,
      List<Column> metrics,
      boolean distinct) {
    this.snapshot = snapshot;
    this.distinct = distinct;
    this.time = time;
    this.dimensions = dimensions;
    this.metrics = metrics;
  }

  /**
   * Sorts a snapshot, which the result then owns.
   *
   * @param distinct whether no two of its rows have equal times and dimensions
   */
  static SortedRows of(LiveSnapshot snapshot, boolean distinct) {
    List<StringRanks> ranks = new ArrayList<>();
    List<RowOrder.Key> keys = new ArrayList<>();
    addNumberKeys(snapshot.liveTime(), keys);
    for (RowColumn dimension : snapshot.dimensions()) {
      if (dimension instanceof LiveStringColumn strings) {
        StringRanks ofStrings = StringRanks.of(strings);
        ranks.add(ofStrings);
        keys.add(
            (rows, from, count, out) -> {
              for (int i = 0; i < count; i++) {
                out[i] = ofStrings.rank(strings.code(rows[from + i]));
              }
            });
      } else {
        ranks.add(null);
        addNumberKeys(dimension, keys);
      }
    }
    int[] order = RowOrder.of(snapshot.rowCount(), keys);
    List<Column> dimensions = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      dimensions.add(ordered(snapshot.dimensions().get(i), ranks.get(i), order));
    }
    List<Column> metrics = new ArrayList<>();
    for (RowColumn metric : snapshot.metrics()) {
      metrics.add(ordered(metric, null, order));
    }
    LongColumn time = new SortedLongColumn(snapshot.liveTime(), order);
    return new SortedRows(snapshot, time, dimensions, metrics, distinct);
  }

  /** Nulls first, then the two halves of each number. */
  private static void addNumberKeys(RowColumn column, List<RowOrder.Key> keys) {
    boolean isDouble = column instanceof LiveDoubleColumn;
    BitsView values =
        column instanceof LiveDoubleColumn doubles
            ? doubles.values()
            : ((LiveLongColumn) column).values();
    if (values.hasNulls()) {
      keys.add(
          (rows, from, count, out) -> {
            for (int i = 0; i < count; i++) {
              out[i] = values.isNull(rows[from + i]) ? 0 : 1;
            }
          });
    }
    keys.add(
        (rows, from, count, out) -> {
          for (int i = 0; i < count; i++) {
            out[i] = unsigned(values.bits(rows[from + i]), isDouble) >>> Integer.SIZE;
          }
        });
    keys.add(
        (rows, from, count, out) -> {
          for (int i = 0; i < count; i++) {
            out[i] = unsigned(values.bits(rows[from + i]), isDouble) & 0xFFFFFFFFL;
          }
        });
  }

  /** A number in the order of unsigned longs. */
  private static long unsigned(long bits, boolean isDouble) {
    return (isDouble ? DoubleOrder.toSortable(bits) : bits) ^ Long.MIN_VALUE;
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
  public boolean hasDistinctRows() {
    return distinct;
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
