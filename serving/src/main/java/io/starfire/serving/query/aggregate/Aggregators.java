package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.AggregationKind;
import io.starfire.serving.query.model.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The list of all aggregators: each kind of aggregation, and what computes it. One more is one more
 * line. Stateless.
 */
public final class Aggregators {
  private record Registered(
      AggregationKind kind, Function<Aggregation, AggregatorFactory> factory) {}

  private static final AggregationKind.Setting TIME =
      new AggregationKind.Setting(EndAggregator.TIME_COLUMN, AggregationKind.Form.COLUMN);
  private static final AggregationKind.Setting MAX_BYTES =
      new AggregationKind.Setting(EndAggregator.MAX_STRING_BYTES, AggregationKind.Form.WHOLE);

  private static final Map<String, Registered> ALL =
      byName(
          new Registered(AggregationKind.COUNT, one -> new CountAggregator()),
          ofLongs("longSum", LongSumAggregator::new),
          ofLongs("longMin", one -> new LongExtremeAggregator(one, true)),
          ofLongs("longMax", one -> new LongExtremeAggregator(one, false)),
          ofDoubles("doubleSum", DoubleAggregator.Rule.SUM),
          ofDoubles("doubleMin", DoubleAggregator.Rule.MIN),
          ofDoubles("doubleMax", DoubleAggregator.Rule.MAX),
          ofDoubles("doubleMean", DoubleAggregator.Rule.MEAN),
          end(AggregationKind.of("longFirst", ColumnType.LONG, TIME), true),
          end(AggregationKind.of("longLast", ColumnType.LONG, TIME), false),
          end(AggregationKind.of("doubleFirst", ColumnType.DOUBLE, TIME), true),
          end(AggregationKind.of("doubleLast", ColumnType.DOUBLE, TIME), false),
          end(AggregationKind.of("stringFirst", ColumnType.STRING, TIME, MAX_BYTES), true),
          end(AggregationKind.of("stringLast", ColumnType.STRING, TIME, MAX_BYTES), false),
          sketch("HLLSketchBuild", ColumnType.DOUBLE, SketchAggregator.Input.VALUES),
          sketch("HLLSketchMerge", ColumnType.DOUBLE, SketchAggregator.Input.SKETCHES),
          sketch("thetaSketch", ColumnType.DOUBLE, SketchAggregator.Input.EITHER),
          sketch("quantilesDoublesSketch", ColumnType.LONG, SketchAggregator.Input.EITHER),
          sketch("hyperUnique", ColumnType.DOUBLE, SketchAggregator.Input.SKETCHES_OR_NOTHING),
          new Registered(cardinality(), CardinalityAggregator::new),
          new Registered(grouping(), GroupingAggregator::new),
          new Registered(expression(), ExpressionAggregator::new));

  private Aggregators() {}

  private static Registered ofLongs(String name, Function<Aggregation, AggregatorFactory> factory) {
    return new Registered(AggregationKind.of(name, ColumnType.LONG), factory);
  }

  private static Registered ofDoubles(String name, DoubleAggregator.Rule rule) {
    return new Registered(
        AggregationKind.of(name, ColumnType.DOUBLE), one -> new DoubleAggregator(one, rule));
  }

  private static Registered end(AggregationKind kind, boolean first) {
    return new Registered(kind, one -> new EndAggregator(one, first));
  }

  private static Registered sketch(String name, ColumnType type, SketchAggregator.Input input) {
    return new Registered(
        AggregationKind.sketch(name, type), one -> new SketchAggregator(one, input));
  }

  private static AggregationKind cardinality() {
    List<AggregationKind.Setting> settings =
        new ArrayList<>(AggregationKind.sketchSettings("cardinality"));
    settings.add(
        new AggregationKind.Setting(CardinalityAggregator.FIELDS, AggregationKind.Form.COLUMNS));
    settings.add(
        new AggregationKind.Setting(CardinalityAggregator.BY_ROW, AggregationKind.Form.FLAG));
    return new AggregationKind("cardinality", ColumnType.DOUBLE, false, settings);
  }

  private static AggregationKind grouping() {
    return new AggregationKind(
        AggregationKind.GROUPING,
        ColumnType.LONG,
        false,
        List.of(
            new AggregationKind.Setting(AggregationKind.GROUPINGS, AggregationKind.Form.TEXTS),
            new AggregationKind.Setting(
                AggregationKind.KEY_DIMENSIONS, AggregationKind.Form.OF_QUERY)));
  }

  /** What its result is depends on what it computes. */
  private static AggregationKind expression() {
    return new AggregationKind(
        ExpressionAggregator.NAME, ColumnType.STRING, false, ExpressionAggregator.SETTINGS);
  }

  private static Map<String, Registered> byName(Registered... all) {
    Map<String, Registered> byName = new LinkedHashMap<>();
    for (Registered one : all) {
      byName.put(one.kind.jsonName(), one);
    }
    return byName;
  }

  /** The kind with a name. Kinds of floats are those of doubles: values are computed as doubles. */
  public static Optional<AggregationKind> named(String jsonName) {
    boolean isFloat = jsonName.startsWith("float") && !jsonName.equals("floatMean");
    Registered found = ALL.get(isFloat ? "double" + jsonName.substring(5) : jsonName);
    return Optional.ofNullable(found).map(Registered::kind);
  }

  /** The names of all kinds, without those of floats. */
  public static Set<String> names() {
    return ALL.keySet();
  }

  /**
   * The aggregation with the type that its result has.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if it cannot be computed
   */
  public static Aggregation checked(Aggregation aggregation) {
    return of(aggregation) instanceof ExpressionAggregator expression
        ? aggregation.giving(expression.output())
        : aggregation;
  }

  /** What computes each of the aggregations. */
  public static List<AggregatorFactory> of(List<Aggregation> aggregations) {
    return aggregations.stream().map(Aggregators::of).toList();
  }

  /** What computes an aggregation. */
  public static AggregatorFactory of(Aggregation aggregation) {
    Registered registered =
        requireNonNull(ALL.get(aggregation.kind().jsonName()), aggregation.kind().jsonName());
    AggregatorFactory plain = registered.factory.apply(aggregation);
    Filter filter = aggregation.filter();
    return filter == null ? plain : new FilteredAggregator(plain, filter);
  }
}
