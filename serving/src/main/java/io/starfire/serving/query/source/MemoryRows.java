package io.starfire.serving.query.source;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are held in memory, on the account of a query. Rows without a column {@code __time}
 * have the time 0, which is the start of 1970. Immutable; closing it gives the memory back.
 */
public final class MemoryRows implements RowSet {
  private static final int ROWS_BETWEEN_CHECKS = 1024;

  private final List<DataSource.Inline.Column> signature;
  private final Map<String, MemoryColumn> columns;
  private final MemoryColumn.Longs time;
  private final int rowCount;
  private final boolean sortedByTime;
  private final Interval timeRange;
  private final QueryControl control;

  private MemoryRows(Builder built, MemoryColumn.Longs time) {
    this.signature = built.signature;
    this.columns = new LinkedHashMap<>();
    for (int c = 0; c < signature.size(); c++) {
      columns.put(signature.get(c).name(), built.columns.get(c));
    }
    this.time = time;
    this.rowCount = built.size;
    this.sortedByTime = built.sorted;
    this.timeRange =
        rowCount == 0 ? new Interval(0, 0) : new Interval(built.minMillis, built.maxMillis + 1);
    this.control = built.control;
  }

  /** Makes rows one after the other. Used by one thread. */
  public static final class Builder {
    private final List<DataSource.Inline.Column> signature;
    private final List<MemoryColumn> columns = new ArrayList<>();
    private final int timeColumn;
    private final QueryControl control;
    private long heldBytes;
    private int size;
    private boolean sorted = true;
    private long minMillis = Long.MAX_VALUE;
    private long maxMillis = Long.MIN_VALUE;
    private long lastMillis = Long.MIN_VALUE;

    /**
     * @param signature names and types of the columns
     * @param whole on whose account the rows are
     */
    public Builder(List<DataSource.Inline.Column> signature, QueryControl whole) {
      this.signature = List.copyOf(signature);
      this.control = whole.part();
      int found = -1;
      for (DataSource.Inline.Column column : signature) {
        if (column.name().equals(DataSourceSchema.TIME_COLUMN)) {
          found = columns.size();
        }
        columns.add(MemoryColumn.of(column));
      }
      this.timeColumn = found;
    }

    /**
     * Adds a row.
     *
     * @param values of the columns, in order: null, a Long, a Double, a String or a List of Strings
     */
    public void add(List<?> values) {
      if (size % ROWS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      for (int c = 0; c < columns.size(); c++) {
        columns.get(c).add(values.get(c));
      }
      long millis = 0;
      if (timeColumn >= 0) {
        Object given = values.get(timeColumn);
        if (given == null) {
          throw QueryChecks.invalid(
              "row %d has no __time; give each row the milliseconds since 1970", size);
        }
        millis = (Long) given;
      }
      sorted &= millis >= lastMillis;
      lastMillis = millis;
      minMillis = Math.min(minMillis, millis);
      maxMillis = Math.max(maxMillis, millis);
      size++;
      hold();
    }

    private void hold() {
      long bytes = 0;
      for (MemoryColumn column : columns) {
        bytes += column.bytes();
      }
      if (bytes > heldBytes) {
        control.reserveForRows(bytes - heldBytes);
        heldBytes = bytes;
      }
    }

    public int size() {
      return size;
    }

    /** The rows; nothing can be added after it. */
    public MemoryRows build() {
      MemoryColumn.Longs time =
          timeColumn >= 0
              ? (MemoryColumn.Longs) columns.get(timeColumn)
              : MemoryColumn.Longs.zeros(size);
      return new MemoryRows(this, time);
    }
  }

  /** Names and types of the columns, in order. */
  public List<DataSource.Inline.Column> signature() {
    return signature;
  }

  /** Whether the rows have times of their own. */
  public boolean isTimed() {
    return columns.containsKey(DataSourceSchema.TIME_COLUMN);
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public Interval timeRange() {
    return timeRange;
  }

  @Override
  public boolean sortedByTime() {
    return sortedByTime;
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(List.of(DataSourceSchema.TIME_COLUMN));
    columns.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }

  @Override
  public LongColumn time() {
    return time;
  }

  @Override
  public @Nullable Column column(String name) {
    if (name.equals(DataSourceSchema.TIME_COLUMN)) {
      return time;
    }
    MemoryColumn column = columns.get(name);
    return column == null ? null : column.column();
  }

  /** A column that is known to be there. */
  MemoryColumn required(String name) {
    return requireNonNull(columns.get(name), name);
  }

  @Override
  public void close() {
    control.releaseAll();
  }
}
