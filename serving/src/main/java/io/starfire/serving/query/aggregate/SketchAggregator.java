package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.SketchKind;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;

/** A sketch of a column's values, or of the sketches that it holds. Immutable. */
final class SketchAggregator implements AggregatorFactory {
  private final Aggregation aggregation;
  private final SketchSpec spec;
  private final Input input;

  /** What a kind of aggregation reads. */
  enum Input {
    VALUES,
    SKETCHES,
    EITHER,
    /** Sketches; a column that holds values gives nothing, as in Druid. */
    SKETCHES_OR_NOTHING
  }

  SketchAggregator(Aggregation aggregation, Input input) {
    this.aggregation = aggregation;
    this.spec = SketchSpec.of(aggregation.kind().jsonName(), aggregation.settings());
    this.input = input;
  }

  @Override
  public AggregateColumn newColumn() {
    return new SketchColumn(aggregation, spec);
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    SketchColumn sketches = (SketchColumn) into;
    Column column = rows.column(aggregation.fieldName());
    boolean isIgnored = input == Input.SKETCHES_OR_NOTHING && !(column instanceof BytesColumn);
    if (column == null || isIgnored) {
      return new NothingToAdd();
    }
    if (column instanceof BytesColumn bytes) {
      checkSketches(bytes);
      return new StoredSketches(sketches, bytes);
    }
    if (input == Input.SKETCHES) {
      throw wrong("needs sketches, but column '%s' holds values", "HLLSketchBuild");
    }
    if (!(column instanceof StringColumn texts)) {
      return new SketchedNumbers(sketches, NumberSource.of(aggregation, rows), column);
    }
    if (spec.kind() == SketchKind.QUANTILES) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs numbers, but column '%s' is STRING; cast it in a"
              + " virtual column",
          aggregation.name(), aggregation.kind().jsonName(), aggregation.fieldName());
    }
    String name = requireNonNull(aggregation.fieldName(), "the name of a column that is there");
    return DistinctTexts.of(sketches, name, texts, filters);
  }

  private void checkSketches(BytesColumn column) {
    if (input == Input.VALUES) {
      throw wrong("needs values, but column '%s' holds sketches", "HLLSketchMerge");
    }
    if (!column.typeName().equals(spec.kind().typeName())) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs sketches of type %s, but those of column '%s' are %s",
          aggregation.name(),
          aggregation.kind().jsonName(),
          spec.kind().typeName(),
          aggregation.fieldName(),
          column.typeName());
    }
  }

  private RuntimeException wrong(String what, String instead) {
    return QueryChecks.invalid(
        "aggregation '%s' of type %s " + what + "; use %s",
        aggregation.name(),
        aggregation.kind().jsonName(),
        aggregation.fieldName(),
        instead);
  }
}
