package io.starfire.segment.format;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/**
 * A piece as one of a schema that has further STRING dimensions, which are null in all of its rows.
 * Closing it closes the piece. Thread-safe as the piece is.
 */
final class WidenedRows implements IndexedRows {
  private final IndexedRows piece;
  private final DataSourceSchema schema;
  private final Column nulls;

  WidenedRows(IndexedRows piece, DataSourceSchema schema) {
    this.piece = piece;
    this.schema = schema;
    this.nulls = new NullStrings(piece.rowCount());
  }

  @Override
  public DataSourceSchema schema() {
    return schema;
  }

  @Override
  public Column column(String name) {
    Column column = piece.column(name);
    if (column != null) {
      return column;
    }
    boolean known =
        schema.dimensions().stream().anyMatch(dimension -> dimension.name().equals(name));
    return known ? nulls : null;
  }

  @Override
  public long eventCount() {
    return piece.eventCount();
  }

  @Override
  public boolean hasDistinctRows() {
    return piece.hasDistinctRows();
  }

  @Override
  public int rowCount() {
    return piece.rowCount();
  }

  @Override
  public Interval timeRange() {
    return piece.timeRange();
  }

  @Override
  public boolean sortedByTime() {
    return piece.sortedByTime();
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>();
    names.add(DataSourceSchema.TIME_COLUMN);
    schema.dimensions().forEach(dimension -> names.add(dimension.name()));
    schema.metrics().forEach(metric -> names.add(metric.name()));
    return names;
  }

  @Override
  public LongColumn time() {
    return piece.time();
  }

  @Override
  public void close() {
    piece.close();
  }

  /** A column of nothing but nulls. */
  private record NullStrings(int rows) implements StringColumn {
    @Override
    public int cardinality() {
      return rows == 0 ? 0 : 1;
    }

    @Override
    public String value(int id) {
      return null;
    }

    @Override
    public int idOf(String value) {
      return value == null && rows > 0 ? 0 : -1;
    }

    @Override
    public boolean sorted() {
      return true;
    }

    @Override
    public boolean multiValued() {
      return false;
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      Arrays.fill(out, 0, count, 0);
    }

    @Override
    public int[] readValues(int row) {
      return new int[] {0};
    }

    @Override
    public ImmutableBitmapDataProvider rowsOf(int id) {
      return null;
    }
  }
}
