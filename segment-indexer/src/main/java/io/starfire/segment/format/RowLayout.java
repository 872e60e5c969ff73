package io.starfire.segment.format;

import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.sketch.SketchSpec;

/** The shape of the rows of a schema, as arrays for inner loops. Immutable by convention. */
final class RowLayout {
  final DataSourceSchema schema;
  final ColumnType[] dimensionTypes;
  final Aggregation[] aggregations;

  /** For each metric what its sketches are; null for a number. */
  final SketchSpec[] sketches;

  /** Whether some piece has several values in a row of the dimension. */
  final boolean[] multiValued;

  RowLayout(DataSourceSchema schema, boolean[] multiValued) {
    this.schema = schema;
    this.multiValued = multiValued;
    this.dimensionTypes =
        schema.dimensions().stream().map(DimensionSpec::type).toArray(ColumnType[]::new);
    this.aggregations =
        schema.metrics().stream().map(MetricSpec::aggregation).toArray(Aggregation[]::new);
    this.sketches =
        schema.metrics().stream()
            .map(metric -> metric.aggregation().isSketch() ? SketchSpec.of(metric) : null)
            .toArray(SketchSpec[]::new);
  }

  int dimensions() {
    return dimensionTypes.length;
  }

  int metrics() {
    return aggregations.length;
  }
}
