package io.starfire.serving.query.metadata;

import io.starfire.common.Utf8Order;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.scan.ScanColumn;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Describes one source for a segmentMetadata query. Not thread-safe. */
public final class SegmentAnalyzer {
  private static final int CHECK_EVERY = 4096;
  private static final long TIME_BYTES = 10;

  private final SegmentMetadataQuery query;
  private final RowSource source;
  private final QueryControl control;

  private SegmentAnalyzer(SegmentMetadataQuery query, RowSource source, QueryControl control) {
    this.query = query;
    this.source = source;
    this.control = control;
  }

  /**
   * Describes a source. Dictionaries are read for the smallest and largest value of live rows only;
   * all rows only for the size.
   */
  public static SegmentAnalysis analyze(
      SegmentMetadataQuery query, RowSource source, QueryControl control) {
    return new SegmentAnalyzer(query, source, control).analyze();
  }

  private SegmentAnalysis analyze() {
    control.check();
    Map<String, ColumnAnalysis> columns = new LinkedHashMap<>();
    long size = 0;
    for (String name : source.rows().columnNames()) {
      // The size of the whole counts columns that are not described, too.
      if (query.describes(name) || query.asks(SegmentMetadataQuery.Analysis.SIZE)) {
        ColumnAnalysis analysis = analyze(name, source.rows().column(name));
        size += analysis.size();
        if (query.describes(name)) {
          columns.put(name, analysis);
        }
      }
    }
    return new SegmentAnalysis(
        source.id(),
        query.asks(SegmentMetadataQuery.Analysis.INTERVAL) ? List.of(source.interval()) : null,
        source.interval(),
        columns,
        ofSchema(SegmentMetadataQuery.Analysis.AGGREGATORS, SegmentAnalyzer::aggregators),
        ofSchema(
            SegmentMetadataQuery.Analysis.QUERY_GRANULARITY, DataSourceSchema::queryGranularity),
        size,
        source.rows().rowCount(),
        ofSchema(SegmentMetadataQuery.Analysis.ROLLUP, DataSourceSchema::rollup));
  }

  /** Something of the schema; null if it is not asked for, or there is no schema. */
  private <T> @Nullable T ofSchema(
      SegmentMetadataQuery.Analysis analysis, Function<DataSourceSchema, T> part) {
    return query.asks(analysis) && source.rows() instanceof IndexedRows rows
        ? part.apply(rows.schema())
        : null;
  }

  private static Map<String, MetricSpec> aggregators(DataSourceSchema schema) {
    Map<String, MetricSpec> aggregators = new LinkedHashMap<>();
    schema.metrics().forEach(metric -> aggregators.put(metric.name(), metric));
    return aggregators;
  }

  private ColumnAnalysis analyze(String name, Column column) {
    boolean sized = query.asks(SegmentMetadataQuery.Analysis.SIZE);
    if (column instanceof StringColumn strings) {
      return analyze(strings, sized);
    }
    if (column instanceof BytesColumn bytes) {
      return new ColumnAnalysis(
          "COMPLEX<%s>".formatted(bytes.typeName()),
          false,
          bytes.hasNulls(),
          sized ? bytesOf(bytes) : 0,
          null,
          null,
          null,
          null);
    }
    long width = name.equals(DataSourceSchema.TIME_COLUMN) ? TIME_BYTES : Long.BYTES;
    boolean nulls =
        column instanceof LongColumn longs ? longs.hasNulls() : ((DoubleColumn) column).hasNulls();
    return new ColumnAnalysis(
        ScanColumn.typeOf(column).name(),
        false,
        nulls,
        sized ? width * source.rows().rowCount() : 0,
        null,
        null,
        null,
        null);
  }

  private long bytesOf(BytesColumn column) {
    byte[][] values = new byte[RowSet.BLOCK_ROWS][];
    long size = 0;
    for (int from = 0; from < source.rows().rowCount(); from += values.length) {
      control.check();
      int count = Math.min(values.length, source.rows().rowCount() - from);
      column.read(from, count, values);
      for (int i = 0; i < count; i++) {
        size += values[i] == null ? 0 : values[i].length;
      }
    }
    return size;
  }

  private ColumnAnalysis analyze(StringColumn column, boolean sized) {
    boolean ends = query.asks(SegmentMetadataQuery.Analysis.MINMAX) && column.cardinality() > 0;
    return new ColumnAnalysis(
        column.isJson() ? DimensionSpec.JSON_TYPE : "STRING",
        column.multiValued(),
        column.idOf(null) >= 0,
        sized ? textBytes(column) : 0,
        query.asks(SegmentMetadataQuery.Analysis.CARDINALITY) ? column.cardinality() : null,
        // As in Druid, where null is the smallest value.
        ends && column.idOf(null) < 0 ? end(column, -1) : null,
        ends ? end(column, 1) : null,
        null);
  }

  /** The smallest (-1) or largest (1) value that is not null. */
  private @Nullable String end(StringColumn column, int direction) {
    if (column.sorted()) {
      int first = column.value(0) == null && column.cardinality() > 1 ? 1 : 0;
      return column.value(direction < 0 ? first : column.cardinality() - 1);
    }
    String end = null;
    for (int id = 0; id < column.cardinality(); id++) {
      if (id % CHECK_EVERY == 0) {
        control.check();
      }
      String value = column.value(id);
      if (end == null || (value != null && Utf8Order.compare(value, end) * direction > 0)) {
        end = value;
      }
    }
    return end;
  }

  private long textBytes(StringColumn column) {
    int[] bytesOfId = new int[column.cardinality()];
    for (int id = 0; id < bytesOfId.length; id++) {
      if (id % CHECK_EVERY == 0) {
        control.check();
      }
      String value = column.value(id);
      bytesOfId[id] = value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
    }
    int rows = source.rows().rowCount();
    int[] ids = new int[RowSet.BLOCK_ROWS];
    long bytes = 0;
    for (int from = 0; from < rows; from += RowSet.BLOCK_ROWS) {
      control.check();
      int count = Math.min(RowSet.BLOCK_ROWS, rows - from);
      if (column.multiValued()) {
        for (int row = from; row < from + count; row++) {
          for (int id : column.readValues(row)) {
            bytes += bytesOfId[id];
          }
        }
      } else {
        column.readIds(from, count, ids);
        for (int i = 0; i < count; i++) {
          bytes += bytesOfId[ids[i]];
        }
      }
    }
    return bytes;
  }
}
