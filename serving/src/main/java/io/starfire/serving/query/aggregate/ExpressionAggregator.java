package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.compute.FoldedExpression;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.AggregationKind;
import io.starfire.serving.query.model.OutputType;
import io.starfire.serving.query.model.QueryChecks;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that the query itself defines by expressions, as Druid's of this name. Immutable.
 */
final class ExpressionAggregator implements AggregatorFactory {
  static final String NAME = "expression";
  private static final String FIELDS = "fields";
  private static final String ACCUMULATOR = "accumulatorIdentifier";
  private static final String INITIAL = "initialValue";
  private static final String INITIAL_COMBINE = "initialCombineValue";
  private static final String FOLD = "fold";
  private static final String COMBINE = "combine";
  private static final String COMPARE = "compare";
  private static final String FINALIZE = "finalize";
  private static final String NULL_UNLESS_AGGREGATED = "isNullUnlessAggregated";
  private static final String AGGREGATES_NULLS = "shouldAggregateNullInputs";
  private static final String COMBINES_NULLS = "shouldCombineAggregateNullInputs";
  private static final String MAX_SIZE_BYTES = "maxSizeBytes";
  private static final int DEFAULT_MAX_SIZE_BYTES = 1024;

  static final List<AggregationKind.Setting> SETTINGS =
      List.of(
          new AggregationKind.Setting(FIELDS, AggregationKind.Form.NAMES),
          new AggregationKind.Setting(ACCUMULATOR, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(INITIAL, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(INITIAL_COMBINE, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(FOLD, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(COMBINE, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(COMPARE, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(FINALIZE, AggregationKind.Form.TEXT),
          new AggregationKind.Setting(NULL_UNLESS_AGGREGATED, AggregationKind.Form.FLAG),
          new AggregationKind.Setting(AGGREGATES_NULLS, AggregationKind.Form.FLAG),
          new AggregationKind.Setting(COMBINES_NULLS, AggregationKind.Form.FLAG),
          new AggregationKind.Setting(MAX_SIZE_BYTES, AggregationKind.Form.WHOLE));

  private final Aggregation aggregation;
  private final FoldedExpression expression;

  ExpressionAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
    this.expression = new FoldedExpression(parts());
  }

  private FoldedExpression.Parts parts() {
    String initial = required(INITIAL);
    List<String> fields = aggregation.columns(FIELDS);
    String fold = required(FOLD);
    String accumulator = Objects.requireNonNullElse(aggregation.text(ACCUMULATOR), "__acc");
    return new FoldedExpression.Parts(
        aggregation.name(),
        fields,
        accumulator,
        initial,
        Objects.requireNonNullElse(aggregation.text(INITIAL_COMBINE), initial),
        fold,
        combine(fields),
        aggregation.text(COMPARE),
        aggregation.text(FINALIZE),
        !aggregation.flag(AGGREGATES_NULLS, true));
  }

  /** Of one field, what row sets give may be combined as its values are folded. */
  private @Nullable String combine(List<String> fields) {
    String given = aggregation.text(COMBINE);
    if (given == null && fields.size() != 1) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type expression needs %s, which only one with a single field may"
              + " leave out",
          aggregation.name(), COMBINE);
    }
    return given;
  }

  private String required(String setting) {
    String text = aggregation.text(setting);
    if (text == null) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type expression needs %s, an expression",
          aggregation.name(), setting);
    }
    return text;
  }

  /** What its result is. */
  OutputType output() {
    return expression.resultType();
  }

  String name() {
    return aggregation.name();
  }

  FoldedExpression expression() {
    return expression;
  }

  boolean isNullUnlessAggregated() {
    return aggregation.flag(NULL_UNLESS_AGGREGATED, true);
  }

  boolean combinesNulls() {
    return aggregation.flag(COMBINES_NULLS, aggregation.flag(AGGREGATES_NULLS, true));
  }

  int maxSizeBytes() {
    return aggregation.number(MAX_SIZE_BYTES, DEFAULT_MAX_SIZE_BYTES);
  }

  @Override
  public AggregateColumn newColumn() {
    return new ExpressionColumn(this, output().type());
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    return new ExpressionAccumulator(
        (ExpressionColumn) into, expression, expression.over(rows, filters.control()));
  }
}
