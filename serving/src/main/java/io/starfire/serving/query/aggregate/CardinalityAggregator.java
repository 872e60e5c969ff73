package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.List;

/** How many distinct values some columns have together, or how many combinations. Immutable. */
final class CardinalityAggregator implements AggregatorFactory {
  /** The setting that names the columns; a query may have dimensions in it. */
  static final String FIELDS = "fields";

  /** The setting that says whether combinations are counted. */
  static final String BY_ROW = "byRow";

  private final Aggregation aggregation;
  private final SketchSpec spec;

  CardinalityAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
    this.spec = SketchSpec.of(aggregation.kind().jsonName(), aggregation.settings());
    if (aggregation.columns(FIELDS).isEmpty()) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type cardinality must name at least one column in %s",
          aggregation.name(), FIELDS);
    }
  }

  @Override
  public AggregateColumn newColumn() {
    return new SketchColumn(aggregation, spec);
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    SketchColumn sketches = (SketchColumn) into;
    List<Column> columns = new ArrayList<>();
    for (String name : aggregation.columns(FIELDS)) {
      Column column = rows.column(name);
      if (column instanceof BytesColumn) {
        throw QueryChecks.complex("aggregation '" + aggregation.name() + "'");
      }
      columns.add(column);
    }
    if (aggregation.flag(BY_ROW)) {
      return new DistinctRows(sketches, columns);
    }
    List<Accumulator> each = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (column instanceof StringColumn texts) {
        String name = aggregation.columns(FIELDS).get(i);
        each.add(DistinctTexts.of(sketches, name, texts, filters));
      } else if (column != null) {
        each.add(new SketchedNumbers(sketches, new NumberSource(column), column));
      }
    }
    return new Several(each);
  }

  /** Adds rows to the same groups in several ways. */
  private static final class Several extends Accumulator {
    private final List<Accumulator> each;

    Several(List<Accumulator> each) {
      this.each = each;
    }

    @Override
    public void read(int from, int count) {
      each.forEach(one -> one.read(from, count));
    }

    @Override
    public void add(int[] rows, int[] groups, int count) {
      each.forEach(one -> one.add(rows, groups, count));
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      each.forEach(one -> one.addToOne(rows, count, group));
    }

    @Override
    public void finish(int groups) {
      each.forEach(one -> one.finish(groups));
    }
  }
}
