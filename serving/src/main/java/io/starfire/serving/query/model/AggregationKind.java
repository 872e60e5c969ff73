package io.starfire.serving.query.model;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import java.util.List;

/**
 * A kind of aggregate: how a query names it, what it gives, and which settings it has. How it is
 * computed is said where it is registered, in the list of aggregators. Immutable.
 *
 * @param jsonName its {@code type} in a query
 * @param type of its result
 * @param readsColumn whether it reads the values of a column, which {@code fieldName} names
 * @param settings that a query may give besides
 */
public record AggregationKind(
    String jsonName, ColumnType type, boolean readsColumn, List<Setting> settings) {
  /** Counts rows after rollup; to count events, sum the count column. */
  public static final AggregationKind COUNT =
      new AggregationKind("count", ColumnType.LONG, false, List.of());

  public AggregationKind {
    requireNonNull(jsonName, "jsonName");
    requireNonNull(type, "type");
    settings = List.copyOf(settings);
  }

  /** A kind that reads a column. */
  public static AggregationKind of(String jsonName, ColumnType type, Setting... settings) {
    return new AggregationKind(jsonName, type, true, List.of(settings));
  }

  /**
   * A field of an aggregation in a query, besides its name and its column. None has to be given.
   *
   * @param name of the field
   * @param isColumn whether it names a column; else it is a whole number at or above 1
   */
  public record Setting(String name, boolean isColumn) {}
}
