package io.starfire.segment.ingest;

import io.starfire.event.ColumnType;
import io.starfire.event.DimensionSpec;
import io.starfire.segment.ingest.RowSpec.MultiValues;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a field of a record is for. One field may be the time, a dimension and the input of several
 * metrics at once. Immutable.
 */
final class FieldTargets {
  private static final int[] NO_METRICS = {};

  /** A field that nothing reads. */
  static final FieldTargets IGNORED = new FieldTargets(false, -1, null, false, null, NO_METRICS);

  private final boolean time;
  private final int dimension;
  private final ColumnType type;
  private final boolean json;
  private final MultiValues multiValues;
  private final int[] metrics;

  private FieldTargets(
      boolean time,
      int dimension,
      ColumnType type,
      boolean json,
      MultiValues multiValues,
      int[] metrics) {
    this.time = time;
    this.dimension = dimension;
    this.type = type;
    this.json = json;
    this.multiValues = multiValues;
    this.metrics = metrics;
  }

  /** Whether it is the event time. */
  boolean time() {
    return time;
  }

  /** The number of the dimension that it is, or -1. */
  int dimension() {
    return dimension;
  }

  /** The type of that dimension; null if there is none. */
  ColumnType type() {
    return type;
  }

  /** Whether that dimension takes nested values. */
  boolean json() {
    return json;
  }

  /** How several values of that dimension are kept; null if there is none. */
  MultiValues multiValues() {
    return multiValues;
  }

  /** Numbers of the metrics that read it. Not to be changed. */
  int[] metrics() {
    return metrics;
  }

  static FieldTargets discovered(int dimension) {
    return new FieldTargets(
        false, dimension, ColumnType.STRING, false, MultiValues.SORTED_ARRAY, NO_METRICS);
  }

  /** For each field that is read, or excluded from discovery, what it is for. */
  static Map<String, FieldTargets> of(RowSpec spec) {
    Map<String, FieldTargets> targets = new HashMap<>();
    spec.discovery()
        .ifPresent(discovery -> discovery.exclusions().forEach(name -> targets.put(name, IGNORED)));
    List<DimensionSpec> dimensions = spec.schema().dimensions();
    for (int i = 0; i < dimensions.size(); i++) {
      DimensionSpec dimension = dimensions.get(i);
      targets.put(
          dimension.name(),
          new FieldTargets(
              false, i, dimension.type(), dimension.json(), spec.multiValues().get(i), NO_METRICS));
    }
    for (int i = 0; i < spec.metricFields().size(); i++) {
      String field = spec.metricFields().get(i);
      if (field != null) {
        targets.put(field, targets.getOrDefault(field, IGNORED).withMetric(i));
      }
    }
    String time = spec.time().column();
    targets.put(time, targets.getOrDefault(time, IGNORED).asTime());
    return targets;
  }

  private FieldTargets withMetric(int metric) {
    int[] more = Arrays.copyOf(metrics, metrics.length + 1);
    more[metrics.length] = metric;
    return new FieldTargets(time, dimension, type, json, multiValues, more);
  }

  private FieldTargets asTime() {
    return new FieldTargets(true, dimension, type, json, multiValues, metrics);
  }

  boolean isIgnored() {
    return !time && dimension < 0 && metrics.length == 0;
  }
}
