package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;

/** The first or last value by time, with ties as {@link Aggregation} says. Immutable. */
final class EndAggregator implements AggregatorFactory {
  private final Aggregation aggregation;

  EndAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
  }

  @Override
  public AggregateColumn newColumn() {
    return new EndColumn(
        aggregation.kind().isFirst(), aggregation.kind().type(), aggregation.maxStringBytes());
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    Column time = rows.column(aggregation.timeColumn());
    if (time != null && !(time instanceof LongColumn)) {
      throw QueryChecks.invalid(
          "aggregation '%s' needs times as LONG, but its timeColumn '%s' is %s",
          aggregation.name(),
          aggregation.timeColumn(),
          time instanceof StringColumn ? "STRING" : "DOUBLE");
    }
    NumberSource times = new NumberSource(time);
    EndColumn ends = (EndColumn) into;
    if (aggregation.kind().type() != ColumnType.STRING) {
      return new NumberEnds(ends, times, NumberSource.of(aggregation, rows));
    }
    Column column = rows.column(aggregation.fieldName());
    if (column != null && !(column instanceof StringColumn)) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs text, but column '%s' is a number; use %s",
          aggregation.name(),
          aggregation.kind().jsonName(),
          aggregation.fieldName(),
          aggregation.kind().isFirst() ? "longFirst or doubleFirst" : "longLast or doubleLast");
    }
    return column == null
        ? new NumberEnds(ends, times, new NumberSource(null))
        : new TextEnds(ends, times, (StringColumn) column);
  }
}
