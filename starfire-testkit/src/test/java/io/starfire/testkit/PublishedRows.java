package io.starfire.testkit;

import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.plan.Plan;
import io.starfire.protocol.PublicationRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.sketch.SketchBuilder;
import io.starfire.segment.sketch.SketchSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the rows of a publication without rollup back, as the rows that were delivered. */
final class PublishedRows {
  private PublishedRows() {}

  /** How often each row is in the segments, each of which is verified. */
  static Map<RowValue, Long> read(
      Plan plan, PublicationRequest publication, String dataSource, Path deepStorage) {
    DataSourceSchema schema =
        plan.dataSources().stream()
            .map(sink -> sink.dataSource().schema())
            .filter(each -> each.name().equals(dataSource))
            .findFirst()
            .orElseThrow();
    Map<RowValue, Long> rows = new TreeMap<>();
    for (SegmentDescriptor segment : publication.segmentsOf(dataSource)) {
      if (!segment.tombstone()) {
        try (SegmentReader reader = SegmentReader.open(deepStorage.resolve(segment.path()))) {
          reader.verify();
          for (int row = 0; row < reader.rowCount(); row++) {
            rows.merge(row(reader, schema, row), 1L, Long::sum);
          }
        }
      }
    }
    return rows;
  }

  private static RowValue row(SegmentReader reader, DataSourceSchema schema, int row) {
    List<Object> dimensions = new ArrayList<>();
    for (DimensionSpec dimension : schema.dimensions()) {
      dimensions.add(valueAt(reader.column(dimension.name()), row));
    }
    List<Long> metrics = new ArrayList<>();
    for (MetricSpec metric : schema.metrics()) {
      if (metric.aggregation().isSketch()) {
        metrics.add(sketched(reader, metric, row));
        continue;
      }
      Object value = valueAt(reader.column(metric.name()), row);
      // A count has no input, and so is zero in a row.
      if (metric.aggregation() == Aggregation.COUNT) {
        metrics.add((Long) value - 1);
      } else if (metric.aggregation().type() == ColumnType.DOUBLE) {
        metrics.add(value == null ? null : Double.doubleToRawLongBits((Double) value));
      } else {
        metrics.add((Long) value);
      }
    }
    return new RowValue((Long) valueAt(reader.time(), row), dimensions, metrics);
  }

  /** The hash code of the one text that a row's sketch is of: that of its dimension "left". */
  private static long sketched(SegmentReader reader, MetricSpec metric, int row) {
    byte[][] stored = new byte[1][];
    ((BytesColumn) reader.column(metric.name())).read(row, 1, stored);
    Object text = valueAt(reader.column("left"), row);
    if (text == null) {
      return stored[0] == null ? 0 : -1;
    }
    SketchBuilder expected = SketchSpec.of(metric).newBuilder();
    expected.addInput(text);
    return Arrays.equals(expected.toBytes(), stored[0]) ? text.hashCode() : -1;
  }

  private static Object valueAt(Column column, int row) {
    boolean[] isNull = new boolean[1];
    if (column instanceof StringColumn text) {
      int[] id = new int[1];
      text.readIds(row, 1, id);
      return text.value(id[0]);
    } else if (column instanceof LongColumn number) {
      long[] value = new long[1];
      number.read(row, 1, value);
      number.readNulls(row, 1, isNull);
      return isNull[0] ? null : (Object) value[0];
    }
    double[] value = new double[1];
    ((DoubleColumn) column).read(row, 1, value);
    ((DoubleColumn) column).readNulls(row, 1, isNull);
    return isNull[0] ? null : (Object) value[0];
  }
}
