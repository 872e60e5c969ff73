package io.starfire.segment.index;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The rows of an index at one moment, in order of arrival. Thread-safe. */
final class LiveSnapshot implements IndexedRows {
  private final DataSourceSchema schema;
  private final int rows;
  private final long events;
  private final LiveLongColumn time;
  private final List<RowColumn> dimensions;
  private final List<RowColumn> metrics;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  LiveSnapshot(
      DataSourceSchema schema,
      int rows,
      long events,
      LiveLongColumn time,
      List<RowColumn> dimensions,
      List<RowColumn> metrics,
      Runnable release) {
    this.schema = schema;
    this.rows = rows;
    this.events = events;
    this.time = time;
    this.dimensions = dimensions;
    this.metrics = metrics;
    this.release = release;
  }

  List<RowColumn> dimensions() {
    return dimensions;
  }

  List<RowColumn> metrics() {
    return metrics;
  }

  LiveLongColumn liveTime() {
    return time;
  }

  @Override
  public DataSourceSchema schema() {
    return schema;
  }

  @Override
  public long eventCount() {
    return events;
  }

  @Override
  public int rowCount() {
    return rows;
  }

  @Override
  public Interval timeRange() {
    return rows == 0
        ? new Interval(0, 0)
        : new Interval(time.minValue(), Math.addExact(time.maxValue(), 1));
  }

  @Override
  public boolean sortedByTime() {
    return false;
  }

  @Override
  public List<String> columnNames() {
    return ColumnNames.of(schema);
  }

  @Override
  public LongColumn time() {
    return time;
  }

  @Override
  public Column column(String name) {
    return ColumnNames.find(schema, name, time, dimensions, metrics);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
