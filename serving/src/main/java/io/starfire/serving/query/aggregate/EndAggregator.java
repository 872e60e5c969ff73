package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;

/** The first or last value by time, with ties as {@link Aggregation} says. Immutable. */
final class EndAggregator implements AggregatorFactory {
  /** The setting that names the column by which rows are ordered. */
  static final String TIME_COLUMN = "timeColumn";

  /**
   * The setting with the largest length of text in UTF-8 bytes, inclusive; longer text is cut
   * between two characters. Without it there is no limit.
   */
  static final String MAX_STRING_BYTES = "maxStringBytes";

  private final Aggregation aggregation;
  private final boolean first;

  EndAggregator(Aggregation aggregation, boolean first) {
    this.aggregation = aggregation;
    this.first = first;
  }

  @Override
  public AggregateColumn newColumn() {
    return new EndColumn(first, aggregation.type(), aggregation.number(MAX_STRING_BYTES, 0));
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    String timeColumn = aggregation.column(TIME_COLUMN, "__time");
    Column time = rows.column(timeColumn);
    if (time != null && !(time instanceof LongColumn)) {
      throw QueryChecks.invalid(
          "aggregation '%s' needs times as LONG, but its timeColumn '%s' is %s",
          aggregation.name(), timeColumn, time instanceof StringColumn ? "STRING" : "DOUBLE");
    }
    NumberSource times = new NumberSource(time);
    EndColumn ends = (EndColumn) into;
    if (aggregation.type() != ColumnType.STRING) {
      return new NumberEnds(ends, times, NumberSource.of(aggregation, rows));
    }
    Column column = rows.column(aggregation.fieldName());
    if (column instanceof BytesColumn) {
      throw QueryChecks.complex("aggregation '" + aggregation.name() + "'");
    }
    if (column != null && !(column instanceof StringColumn)) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs text, but column '%s' is a number; use %s",
          aggregation.name(),
          aggregation.kind().jsonName(),
          aggregation.fieldName(),
          first ? "longFirst or doubleFirst" : "longLast or doubleLast");
    }
    return column == null
        ? new NumberEnds(ends, times, new NumberSource(null))
        : new TextEnds(ends, times, (StringColumn) column);
  }
}
