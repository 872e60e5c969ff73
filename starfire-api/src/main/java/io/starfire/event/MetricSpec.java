package io.starfire.event;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;

/**
 * A metric of a data source: how rows with equal time bucket and dimensions are rolled up.
 *
 * @param name the column's name, which is also the name of its input in a row
 * @param aggregation how values are combined
 * @param settings those that are given, by the names of {@link SketchSettings}; empty if it is no
 *     sketch
 */
public record MetricSpec(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) Aggregation aggregation,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> settings) {
  public MetricSpec {
    DataSourceSchema.checkColumnName(name);
    requireNonNull(aggregation, "aggregation");
    // Schemas that were written before there were settings have none.
    settings =
        Collections.unmodifiableMap(
            SketchSettings.checked(aggregation.typeName, settings == null ? Map.of() : settings));
  }

  /** A metric without settings. */
  public MetricSpec(String name, Aggregation aggregation) {
    this(name, aggregation, Map.of());
  }

  /** How a metric combines its inputs. COUNT has no input: it counts rows before rollup. */
  public enum Aggregation {
    COUNT("count", ColumnType.LONG),
    LONG_SUM("longSum", ColumnType.LONG),
    LONG_MIN("longMin", ColumnType.LONG),
    LONG_MAX("longMax", ColumnType.LONG),
    DOUBLE_SUM("doubleSum", ColumnType.DOUBLE),
    DOUBLE_MIN("doubleMin", ColumnType.DOUBLE),
    DOUBLE_MAX("doubleMax", ColumnType.DOUBLE),
    /** The sketches of distinct values, or of all values; the inputs are values. */
    HLL_SKETCH_BUILD("HLLSketchBuild", ColumnType.COMPLEX),
    THETA_SKETCH("thetaSketch", ColumnType.COMPLEX),
    QUANTILES_DOUBLES_SKETCH("quantilesDoublesSketch", ColumnType.COMPLEX),
    HYPER_UNIQUE("hyperUnique", ColumnType.COMPLEX),
    /** Puts HLL sketches together; the inputs are sketches. */
    HLL_SKETCH_MERGE("HLLSketchMerge", ColumnType.COMPLEX);

    private final String typeName;
    private final ColumnType type;

    Aggregation(String typeName, ColumnType type) {
      this.typeName = typeName;
      this.type = type;
    }

    /** The {@code type} of such a metric in the {@code metricsSpec} of an ingestion spec. */
    public String typeName() {
      return typeName;
    }

    /** The {@code type} of the query aggregator that combines stored values. */
    public String combiningTypeName() {
      return switch (this) {
        case COUNT -> LONG_SUM.typeName;
        case HLL_SKETCH_BUILD -> HLL_SKETCH_MERGE.typeName;
        default -> typeName;
      };
    }

    /** Whether the result of no values is 0, as for sums and counts. */
    public boolean isSum() {
      return this == COUNT || this == LONG_SUM || this == DOUBLE_SUM;
    }

    /** Whether the stored column holds sketches. */
    public boolean isSketch() {
      return type == ColumnType.COMPLEX;
    }

    /** The type of the stored column: LONG, DOUBLE or COMPLEX. */
    public ColumnType type() {
      return type;
    }
  }
}
