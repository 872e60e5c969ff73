package io.starfire.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an index has to hold, computed over plain lists: a row is a list of its time, its dimensions
 * (each a list of values) and its metrics.
 */
public final class NaiveRows {
  private final DataSourceSchema schema;
  private final List<List<Object>> rows = new ArrayList<>();
  private final Map<List<Object>, List<Object>> byKey = new LinkedHashMap<>();

  public NaiveRows(DataSourceSchema schema) {
    this.schema = schema;
  }

  public void add(DataRow row) {
    List<Object> key = new ArrayList<>();
    key.add(schema.queryGranularity().bucketStart(row.timeMillis()));
    for (int i = 0; i < row.dimensionCount(); i++) {
      key.add(normal(row.dimension(i)));
    }
    List<Object> held = schema.rollup() ? byKey.get(key) : null;
    if (held == null) {
      held = new ArrayList<>(key);
      for (MetricSpec metric : schema.metrics()) {
        held.add(metric.aggregation() == MetricSpec.Aggregation.COUNT ? 0L : null);
      }
      rows.add(held);
      byKey.put(key, held);
    }
    for (int i = 0; i < schema.metrics().size(); i++) {
      int at = key.size() + i;
      held.set(at, combine(schema.metrics().get(i), held.get(at), row, i));
    }
  }

  private static Object combine(MetricSpec metric, Object held, DataRow row, int index) {
    if (metric.aggregation() == MetricSpec.Aggregation.COUNT) {
      return (Long) held + 1;
    }
    if (row.isMetricNull(index)) {
      return held;
    }
    if (metric.aggregation().type() == ColumnType.LONG) {
      long value = row.longMetric(index);
      if (held == null) {
        return value;
      }
      return switch (metric.aggregation()) {
        case LONG_SUM -> (Long) held + value;
        case LONG_MIN -> Math.min((Long) held, value);
        case LONG_MAX -> Math.max((Long) held, value);
        default -> throw new AssertionError(metric.aggregation());
      };
    }
    double value = row.doubleMetric(index);
    if (held == null) {
      return value;
    }
    return switch (metric.aggregation()) {
      case DOUBLE_SUM -> (Double) held + value;
      case DOUBLE_MIN -> Math.min((Double) held, value);
      case DOUBLE_MAX -> Math.max((Double) held, value);
      default -> throw new AssertionError(metric.aggregation());
    };
  }

  private static Object normal(Object value) {
    if (value instanceof List<?> list) {
      return list.isEmpty() ? Collections.singletonList(null) : new ArrayList<>(list);
    }
    if (value instanceof Double number && number == 0.0) {
      return Collections.singletonList(0.0);
    }
    return Collections.singletonList(value);
  }

  /** In order of arrival. */
  public List<List<Object>> rows() {
    return rows;
  }

  /** Sorted by time and dimensions; equal rows in order of arrival. */
  public List<List<Object>> sorted() {
    List<List<Object>> sorted = new ArrayList<>(rows);
    sorted.sort(this::compare);
    return sorted;
  }

  private int compare(List<Object> left, List<Object> right) {
    int order = Long.compare((Long) left.get(0), (Long) right.get(0));
    for (int i = 1; order == 0 && i <= schema.dimensions().size(); i++) {
      List<?> a = (List<?>) left.get(i);
      List<?> b = (List<?>) right.get(i);
      for (int j = 0; order == 0 && j < Math.min(a.size(), b.size()); j++) {
        order = compareValues(a.get(j), b.get(j));
      }
      order = order != 0 ? order : Integer.compare(a.size(), b.size());
    }
    return order;
  }

  private static int compareValues(Object a, Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    if (a instanceof String text) {
      return Utf8Order.compare(text, (String) b);
    }
    return a instanceof Long number
        ? number.compareTo((Long) b)
        : Comparator.<Double>naturalOrder().compare((Double) a, (Double) b);
  }

  /** Reads all rows in blocks of {@code blockRows}, checking what columns say of themselves. */
  public static List<List<Object>> read(RowSet rows, int blockRows) {
    List<List<Object>> result = new ArrayList<>();
    for (int i = 0; i < rows.rowCount(); i++) {
      result.add(new ArrayList<>());
    }
    List<String> names = rows.columnNames();
    int dimensions = ((io.starfire.segment.column.IndexedRows) rows).schema().dimensions().size();
    for (int c = 0; c < names.size(); c++) {
      List<Object> values = readColumn(rows.column(names.get(c)), rows.rowCount(), blockRows);
      boolean dimension = c > 0 && c <= dimensions;
      for (int i = 0; i < values.size(); i++) {
        Object value = values.get(i);
        boolean wrap = dimension && !(value instanceof List);
        result.get(i).add(wrap ? Collections.singletonList(value) : value);
      }
    }
    return result;
  }

  private static List<Object> readColumn(Column column, int rows, int blockRows) {
    List<Object> result = new ArrayList<>();
    boolean[] nulls = new boolean[blockRows];
    for (int from = 0; from < rows; from += blockRows) {
      int count = Math.min(blockRows, rows - from);
      if (column instanceof LongColumn longs) {
        long[] out = new long[blockRows];
        longs.read(from, count, out);
        longs.readNulls(from, count, nulls);
        for (int i = 0; i < count; i++) {
          assertThat(nulls[i] && (!longs.hasNulls() || out[i] != 0)).isFalse();
          result.add(nulls[i] ? null : (Object) out[i]);
        }
      } else if (column instanceof DoubleColumn doubles) {
        double[] out = new double[blockRows];
        doubles.read(from, count, out);
        doubles.readNulls(from, count, nulls);
        for (int i = 0; i < count; i++) {
          assertThat(nulls[i] && (!doubles.hasNulls() || out[i] != 0)).isFalse();
          result.add(nulls[i] ? null : (Object) out[i]);
        }
      } else {
        readStrings((StringColumn) column, from, count, result);
      }
    }
    return result;
  }

  private static void readStrings(StringColumn column, int from, int count, List<Object> result) {
    int[] ids = new int[count];
    if (!column.multiValued()) {
      column.readIds(from, count, ids);
    }
    for (int i = 0; i < count; i++) {
      int[] list = column.readValues(from + i);
      if (!column.multiValued()) {
        assertThat(list).containsExactly(ids[i]);
      }
      result.add(new ArrayList<>(Arrays.stream(list).mapToObj(column::value).toList()));
    }
  }
}
