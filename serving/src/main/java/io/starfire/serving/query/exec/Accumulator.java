package io.starfire.serving.query.exec;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.QueryChecks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of one row set, for numbered groups. The values of a block are read once, then
 * added row by row to the groups. Not thread-safe.
 */
abstract sealed class Accumulator
    permits CountAccumulator,
        LongAccumulator,
        DoubleAccumulator,
        EndAccumulator,
        FilteredAccumulator {
  /** Reads the values of rows {@code [from, from + count)}. */
  abstract void read(int from, int count);

  /**
   * Adds rows of the block that was read.
   *
   * @param rows relative to the block's start
   * @param groups of each of the rows
   */
  abstract void add(int[] rows, int[] groups, int count);

  /** Adds rows of the block that was read, all to one group. */
  abstract void addToOne(int[] rows, int count, int group);

  /** Makes room for groups {@code [0, capacity)}. */
  abstract void grow(int capacity);

  /** Sets aggregate {@code index} of {@code into} to that of the group, if it has one. */
  abstract void store(int group, Aggregates into, int index);

  static Accumulator of(Aggregation aggregation, FilterCompiler filters, RowSet rows) {
    Accumulator plain = plain(aggregation, rows);
    Filter filter = aggregation.filter();
    return filter == null ? plain : new FilteredAccumulator(plain, filters.compile(filter));
  }

  private static Accumulator plain(Aggregation aggregation, RowSet rows) {
    if (aggregation.kind() == Aggregation.Kind.COUNT) {
      return new CountAccumulator();
    }
    Column column = rows.column(aggregation.fieldName());
    checkType(aggregation, column);
    if (aggregation.kind().isByTime()) {
      return EndAccumulator.of(aggregation, rows);
    }
    NumberSource source = new NumberSource(column);
    return aggregation.kind().type() == ColumnType.LONG
        ? new LongAccumulator(aggregation, source)
        : new DoubleAccumulator(aggregation, source);
  }

  private static void checkType(Aggregation aggregation, @Nullable Column column) {
    boolean text = aggregation.kind().type() == ColumnType.STRING;
    if (column instanceof StringColumn && !text) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs numbers, but column '%s' is STRING",
          aggregation.name(), aggregation.kind().jsonName(), aggregation.fieldName());
    }
    if (column != null && !(column instanceof StringColumn) && text) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs text, but column '%s' is a number; use %s",
          aggregation.name(),
          aggregation.kind().jsonName(),
          aggregation.fieldName(),
          aggregation.kind().isFirst() ? "longFirst or doubleFirst" : "longLast or doubleLast");
    }
  }

  /** For a kind that is new and was forgotten: rather no answer than one by another's rule. */
  static StarfireException unknown(Aggregation.Kind kind) {
    return new StarfireException(
        ErrorCode.INTERNAL, "no accumulator knows aggregations of type " + kind.jsonName());
  }

  /** As long as {@code capacity}, with what is new filled. */
  static long[] grown(long[] values, int capacity, long fill) {
    long[] longer = Arrays.copyOf(values, capacity);
    Arrays.fill(longer, values.length, capacity, fill);
    return longer;
  }
}
