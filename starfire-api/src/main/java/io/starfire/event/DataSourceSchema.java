package io.starfire.event;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The columns of a data source and how it is stored. Unlike {@link io.starfire.api.DataSource} it
 * has no functions; the drivers, the coordinator and the real-time node send it to each other as
 * JSON. Immutable. A value that is not allowed is INVALID_INPUT.
 *
 * @param name 1 to 128 letters, digits, {@code _} or {@code -}; the first is a letter or a digit
 * @param dimensions rows are sorted by time, then by these in this order
 * @param metrics in the order of a row's metric inputs; no two columns have the same name
 * @param segmentGranularity the bucket that one segment covers; not {@code NONE}
 * @param queryGranularity the bucket to whose start row times are cut; must divide the segment
 *     granularity
 * @param rollup whether rows of equal time and dimensions become one
 */
public record DataSourceSchema(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) List<DimensionSpec> dimensions,
    @JsonProperty(required = true) List<MetricSpec> metrics,
    @JsonProperty(required = true) Granularity segmentGranularity,
    @JsonProperty(required = true) Granularity queryGranularity,
    @JsonProperty(required = true) boolean rollup) {
  /** The name of the time column, which every data source has. */
  public static final String TIME_COLUMN = "__time";

  private static final Pattern DATA_SOURCE_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

  public DataSourceSchema {
    if (name == null || !DATA_SOURCE_NAME.matcher(name).matches()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source name '%s' must be 1 to 128 letters, digits, _ or -, and start with a letter or digit"
              .formatted(name));
    }
    dimensions = List.copyOf(dimensions);
    metrics = List.copyOf(metrics);
    requireNonNull(segmentGranularity, "segmentGranularity");
    requireNonNull(queryGranularity, "queryGranularity");
    Set<String> names = new HashSet<>(Set.of(TIME_COLUMN));
    for (DimensionSpec dimension : dimensions) {
      checkUnique(name, names, dimension.name());
    }
    for (MetricSpec metric : metrics) {
      checkUnique(name, names, metric.name());
    }
    if (segmentGranularity == Granularity.NONE) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': segmentGranularity must not be none; use hour or day".formatted(name));
    }
    if (segmentGranularity == Granularity.ALL) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': segmentGranularity must not be all: only intervals that are over can be replaced, and all of time is never over; use year or a finer one"
              .formatted(name));
    }
    if (!queryGranularity.divides(segmentGranularity)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': queryGranularity %s must divide segmentGranularity %s into whole buckets"
              .formatted(name, queryGranularity.jsonName(), segmentGranularity.jsonName()));
    }
  }

  static void checkColumnName(String name) {
    if (name == null || name.isEmpty()) {
      throw new StarfireException(ErrorCode.INVALID_INPUT, "a column must have a name");
    }
  }

  private static void checkUnique(String dataSource, Set<String> names, String column) {
    if (!names.add(column)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s' has two columns named '%s'".formatted(dataSource, column));
    }
  }
}
