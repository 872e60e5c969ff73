package io.starfire.serving.query.model;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import io.starfire.event.SketchSettings;
import io.starfire.segment.sketch.SketchKind;
import io.starfire.segment.sketch.SketchSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of aggregate: how a query names it, what it gives, and which settings it has. How it is
 * computed is said where it is registered, in the list of aggregators. Immutable.
 *
 * @param jsonName its {@code type} in a query
 * @param type of its result
 * @param readsColumn whether it reads the values of a column, which {@code fieldName} names
 * @param settings that a query may give besides
 * @param element the type of the elements if the result is an array; null for anything else
 */
public record AggregationKind(
    String jsonName,
    ColumnType type,
    boolean readsColumn,
    List<Setting> settings,
    @Nullable ColumnType element) {
  /** Tells the subtotals of a groupBy apart. */
  public static final String GROUPING = "grouping";

  /** The setting of {@link #GROUPING} with the outputs of dimensions, the highest bit first. */
  public static final String GROUPINGS = "groupings";

  /** The setting of {@link #GROUPING} with the dimensions of the subtotal at hand. */
  public static final String KEY_DIMENSIONS = "keyDimensions";

  /** Counts rows after rollup; to count events, sum the count column. */
  public static final AggregationKind COUNT =
      new AggregationKind("count", ColumnType.LONG, false, List.of());

  public AggregationKind {
    requireNonNull(jsonName, "jsonName");
    requireNonNull(type, "type");
    settings = List.copyOf(settings);
  }

  /** A kind whose result is no array. */
  public AggregationKind(
      String jsonName, ColumnType type, boolean readsColumn, List<Setting> settings) {
    this(jsonName, type, readsColumn, settings, null);
  }

  /** The same kind for an aggregation whose result has another type. */
  public AggregationKind giving(OutputType result) {
    return new AggregationKind(jsonName, result.type(), readsColumn, settings, result.element());
  }

  /** A kind that reads a column. */
  public static AggregationKind of(String jsonName, ColumnType type, Setting... settings) {
    return new AggregationKind(jsonName, type, true, List.of(settings));
  }

  /**
   * A field of an aggregation in a query, besides its name and its column. None has to be given.
   *
   * @param name of the field
   * @param form what it holds
   */
  public record Setting(String name, Form form) {
    boolean isColumn() {
      return form == Form.COLUMN;
    }
  }

  /** What a setting holds. */
  public enum Form {
    /** The name of a column. */
    COLUMN,
    /** The names of columns, at least one; in a query they may be dimensions. */
    COLUMNS,
    /** A whole number at or above 1. */
    WHOLE,
    FLAG,
    TEXT,
    /** Texts, in a list. */
    TEXTS,
    /** The names of columns, and nothing else; there may be none. */
    NAMES,
    /** What {@link SketchSettings} says of the kind and the name. */
    OF_SKETCH,
    /** Texts, in a list, that no client gives: the query itself knows them. */
    OF_QUERY
  }

  /** What the sketches of its intermediate values are; null if they are none. */
  @Nullable SketchKind sketchKind() {
    return SketchSettings.names(jsonName).isEmpty()
        ? null
        : SketchSpec.of(jsonName, Map.of()).kind();
  }

  /** A kind that is a sketch. */
  public static AggregationKind sketch(String jsonName, ColumnType type) {
    return new AggregationKind(jsonName, type, true, sketchSettings(jsonName));
  }

  /** The settings of a sketch. */
  public static List<Setting> sketchSettings(String jsonName) {
    return SketchSettings.names(jsonName).stream()
        .map(name -> new Setting(name, Form.OF_SKETCH))
        .toList();
  }
}
