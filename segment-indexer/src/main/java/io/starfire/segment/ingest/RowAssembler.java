package io.starfire.segment.ingest;

import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.Utf8Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One row as it is put together from the fields of a record. Not thread-safe. */
final class RowAssembler {
  private final RowSpec spec;
  private final DimensionCatalog catalog;
  private final TimeReader times;

  /** For each metric whether it is a long. */
  private final boolean[] longMetric;

  private final boolean[] metricsMissing;
  private final List<String> foundNames = new ArrayList<>();
  private final List<Object> foundValues = new ArrayList<>();

  private Object[] dimensions;
  private long[] metricBits;
  private boolean[] metricNulls;
  private int missingMetrics;
  private long timeMillis;
  private boolean hasTime;

  RowAssembler(RowSpec spec, DimensionCatalog catalog) {
    this.spec = spec;
    this.catalog = catalog;
    this.times = new TimeReader(spec.time());
    List<MetricSpec> metrics = spec.schema().metrics();
    this.longMetric = new boolean[metrics.size()];
    this.metricsMissing = new boolean[metrics.size()];
    for (int i = 0; i < longMetric.length; i++) {
      longMetric[i] = metrics.get(i).aggregation().type() == ColumnType.LONG;
      metricsMissing[i] = spec.metricFields().get(i) != null;
    }
  }

  TimeReader times() {
    return times;
  }

  void start() {
    dimensions = new Object[dimensionCount()];
    metricBits = new long[longMetric.length];
    metricNulls = metricsMissing.clone();
    missingMetrics = 0;
    for (boolean missing : metricNulls) {
      missingMetrics += missing ? 1 : 0;
    }
    hasTime = false;
    foundNames.clear();
    foundValues.clear();
  }

  private int dimensionCount() {
    return spec.discovery().isPresent()
        ? catalog.schema().dimensions().size()
        : spec.schema().dimensions().size();
  }

  void time(long millis) {
    timeMillis = millis;
    hasTime = true;
  }

  boolean isLongMetric(int metric) {
    return longMetric[metric];
  }

  void metric(int metric, long bits) {
    metricBits[metric] = bits;
    missingMetrics -= metricNulls[metric] ? 1 : 0;
    metricNulls[metric] = false;
  }

  /** The input of a metric as text; empty text is null. */
  void metricText(int metric, String text) {
    if (text.isBlank()) {
      return;
    }
    try {
      metric(
          metric,
          longMetric[metric]
              ? Numerals.toLong(text)
              : Double.doubleToRawLongBits(Numerals.toDouble(text)));
    } catch (NumberFormatException e) {
      throw notANumber(metric, text);
    }
  }

  RejectedRecordException notANumber(int metric, String text) {
    return RejectedRecordException.undecodable(
        "field '%s' must be %s for metric '%s', got %s"
            .formatted(
                spec.metricFields().get(metric),
                longMetric[metric] ? "a whole number within 64 bits" : "a number",
                spec.schema().metrics().get(metric).name(),
                Quoted.of(text)));
  }

  /** Sets a dimension to a value of its type. */
  void dimension(int dimension, Object value) {
    dimensions[dimension] = value;
  }

  /** Sets a LONG or DOUBLE dimension from text; empty text is null. */
  void numberDimension(int dimension, ColumnType type, String text) {
    if (text.isBlank()) {
      dimensions[dimension] = null;
      return;
    }
    try {
      dimensions[dimension] =
          type == ColumnType.LONG
              ? (Object) Numerals.toLong(text)
              : (Object) Numerals.toDouble(text);
    } catch (NumberFormatException e) {
      throw RejectedRecordException.undecodable(
          "field '%s' must be %s, got %s"
              .formatted(
                  spec.schema().dimensions().get(dimension).name(),
                  type == ColumnType.LONG ? "a whole number within 64 bits" : "a number",
                  Quoted.of(text)));
    }
  }

  /** A value of a field that is no dimension yet. */
  void found(String name, Object value) {
    int at = foundNames.indexOf(name);
    if (at >= 0) {
      foundValues.set(at, value);
    } else {
      foundNames.add(name);
      foundValues.add(value);
    }
  }

  boolean foundAny() {
    return !foundNames.isEmpty();
  }

  List<String> foundNames() {
    return foundNames;
  }

  /** Several values of one STRING dimension; none is null. Sorts the given list. */
  static Object values(List<String> values, RowSpec.MultiValues handling) {
    if (values.size() > 1 && handling != RowSpec.MultiValues.ARRAY) {
      values.sort(Utf8Order::compare);
      if (handling == RowSpec.MultiValues.SORTED_SET) {
        values = new ArrayList<>(values.stream().distinct().toList());
      }
    }
    return switch (values.size()) {
      case 0 -> null;
      case 1 -> values.get(0);
      default -> values;
    };
  }

  /** The row; what was found becomes part of the catalog. */
  DataRow finish() {
    long time = hasTime ? timeMillis : times.missing();
    if (time < Times.MIN_MILLIS || time >= Times.END_MILLIS) {
      throw RejectedRecordException.badTime(
          "the time in field '%s' must be in the years 1970 to 9999, got %d ms"
              .formatted(spec.time().column(), time));
    }
    if (!foundNames.isEmpty()) {
      addFound();
    }
    return new DataRow(time, dimensions, metricBits, missingMetrics == 0 ? null : metricNulls);
  }

  private void addFound() {
    if (!catalog.add(foundNames)) {
      throw RejectedRecordException.undecodable(
          "the record has fields that are no dimensions yet, such as %s, and with them the data source would have more than %d dimensions; exclude fields, or name the dimensions"
              .formatted(Quoted.of(foundNames.get(0)), catalog.maxDimensions()));
    }
    DataSourceSchema schema = catalog.schema();
    dimensions = Arrays.copyOf(dimensions, schema.dimensions().size());
    for (int i = 0; i < foundNames.size(); i++) {
      dimensions[catalog.indexOf(foundNames.get(i))] = foundValues.get(i);
    }
  }
}
