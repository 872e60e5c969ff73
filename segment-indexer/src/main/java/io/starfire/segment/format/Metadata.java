package io.starfire.segment.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The metadata of a segment file.
 *
 * @param schema whose columns these are
 * @param interval that the segment covers
 * @param rows in the file
 * @param events before rollup
 * @param timeRange of the rows; empty if there are none
 * @param columns time, dimensions, metrics
 */
record Metadata(
    DataSourceSchema schema,
    Interval interval,
    int rows,
    long events,
    Interval timeRange,
    List<ColumnDirectory> columns) {
  // Stricter than Json: a field that this version does not know means that the file is not
  // readable.
  private static final ObjectMapper JSON = new ObjectMapper();

  Metadata {
    columns = List.copyOf(columns);
  }

  /** Empty directories for the columns of a schema. */
  static List<ColumnDirectory> columnsOf(DataSourceSchema schema) {
    List<ColumnDirectory> columns = new ArrayList<>();
    columns.add(new ColumnDirectory(DataSourceSchema.TIME_COLUMN, ColumnType.LONG));
    for (DimensionSpec dimension : schema.dimensions()) {
      ColumnDirectory column = new ColumnDirectory(dimension.name(), dimension.type());
      column.json = dimension.json();
      columns.add(column);
    }
    schema
        .metrics()
        .forEach(m -> columns.add(new ColumnDirectory(m.name(), m.aggregation().type())));
    return columns;
  }

  void write(ByteSink out) {
    try {
      out.putText(JSON.writeValueAsString(schema));
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "schema of '%s' cannot be written as JSON".formatted(schema.name()),
          e);
    }
    out.putLong(interval.startMillis());
    out.putLong(interval.endMillis());
    out.putInt(rows);
    out.putLong(events);
    out.putLong(timeRange.startMillis());
    out.putLong(timeRange.endMillis() - 1);
    out.putInt(columns.size());
    columns.forEach(column -> column.write(out));
    out.align();
  }

  /**
   * Reads metadata whose checksum was found right; what does not parse is a defect.
   *
   * @param version of the format of the file
   */
  static Metadata read(ByteBuffer in, int version) {
    DataSourceSchema schema;
    try {
      schema = JSON.readValue(ColumnDirectory.text(in), DataSourceSchema.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the schema is not readable: " + e.getMessage(), e);
    }
    Interval interval = new Interval(in.getLong(), in.getLong());
    int rows = in.getInt();
    long events = in.getLong();
    Interval timeRange = new Interval(in.getLong(), in.getLong() + 1);
    int count = in.getInt();
    List<ColumnDirectory> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(ColumnDirectory.read(in, version));
    }
    for (DimensionSpec dimension : schema.dimensions()) {
      for (ColumnDirectory column : columns) {
        column.json |= dimension.json() && column.name.equals(dimension.name());
      }
    }
    return new Metadata(schema, interval, rows, events, timeRange, columns);
  }
}
