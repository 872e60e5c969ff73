package io.starfire.serving.query.exec;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first or last value by time, with ties as {@link Aggregation} says. Values are kept as longs:
 * themselves, the bits of doubles, or the ids of strings. Not thread-safe.
 */
final class EndAccumulator extends Accumulator {
  private final boolean first;
  private final ColumnType type;
  private final NumberSource times;
  private final NumberSource numbers;
  private final @Nullable StringColumn strings;
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private final int[] oneGroup = new int[RowSet.BLOCK_ROWS];
  private int blockStart;

  private long[] timeOf = {};
  private long[] valueOf = {};
  private boolean[] present = {};
  private boolean[] nulls = {};

  private EndAccumulator(
      Aggregation aggregation,
      NumberSource times,
      NumberSource numbers,
      @Nullable StringColumn strings) {
    this.first = aggregation.kind().isFirst();
    this.type = aggregation.kind().type();
    this.times = times;
    this.numbers = numbers;
    this.strings = strings;
  }

  static EndAccumulator of(Aggregation aggregation, RowSet rows) {
    Column time = rows.column(aggregation.timeColumn());
    if (time != null && !(time instanceof LongColumn)) {
      throw QueryChecks.invalid(
          "aggregation '%s' needs times as LONG, but its timeColumn '%s' is %s",
          aggregation.name(),
          aggregation.timeColumn(),
          time instanceof StringColumn ? "STRING" : "DOUBLE");
    }
    Column column = rows.column(aggregation.fieldName());
    return new EndAccumulator(
        aggregation,
        new NumberSource(time),
        new NumberSource(column instanceof StringColumn ? null : column),
        column instanceof StringColumn strings ? strings : null);
  }

  @Override
  void read(int from, int count) {
    blockStart = from;
    times.readLongs(from, count);
    if (strings != null) {
      if (!strings.multiValued()) {
        strings.readIds(from, count, ids);
      }
    } else if (type == ColumnType.LONG) {
      numbers.readLongs(from, count);
    } else {
      numbers.readDoubles(from, count);
    }
  }

  @Override
  void addToOne(int[] rows, int count, int group) {
    Arrays.fill(oneGroup, 0, count, group);
    add(rows, oneGroup, count);
  }

  @Override
  void add(int[] rows, int[] groups, int count) {
    if (times.isMissing()) {
      return;
    }
    boolean timeHasNulls = times.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (timeHasNulls && times.nulls[row]) {
        continue;
      }
      int group = groups[i];
      long time = times.longs[row];
      // Most rows are neither before nor after what there is, and their value is not looked at.
      if (present[group] && (first ? time > timeOf[group] : time < timeOf[group])) {
        continue;
      }
      if (strings != null && strings.multiValued()) {
        for (int id : strings.readValues(blockStart + row)) {
          offer(group, time, id, strings.value(id) == null);
        }
      } else {
        offer(group, time, valueOf(row), isNull(row));
      }
    }
  }

  private long valueOf(int row) {
    if (strings != null) {
      return ids[row];
    }
    return type == ColumnType.LONG
        ? numbers.longs[row]
        : Double.doubleToRawLongBits(numbers.doubles[row]);
  }

  private boolean isNull(int row) {
    if (strings != null) {
      return strings.value(ids[row]) == null;
    }
    return numbers.isMissing() || (numbers.hasNulls() && numbers.nulls[row]);
  }

  private void offer(int group, long time, long value, boolean isNull) {
    if (present[group] && time == timeOf[group]) {
      if (isNull || (!nulls[group] && !isBetter(value, valueOf[group]))) {
        return;
      }
    }
    present[group] = true;
    timeOf[group] = time;
    valueOf[group] = value;
    nulls[group] = isNull;
  }

  private boolean isBetter(long value, long old) {
    int comparison =
        switch (type) {
          case LONG -> Long.compare(value, old);
          case DOUBLE ->
              Double.compare(Double.longBitsToDouble(value), Double.longBitsToDouble(old));
          case STRING ->
              texts().sorted()
                  ? Long.compare(value, old)
                  : Utf8Order.compare(texts().value((int) value), texts().value((int) old));
        };
    return first ? comparison < 0 : comparison > 0;
  }

  @Override
  void grow(int capacity) {
    timeOf = Arrays.copyOf(timeOf, capacity);
    valueOf = Arrays.copyOf(valueOf, capacity);
    present = Arrays.copyOf(present, capacity);
    nulls = Arrays.copyOf(nulls, capacity);
  }

  @Override
  void store(int group, Aggregates into, int index) {
    if (present[group]) {
      into.setAtTime(index, timeOf[group], nulls[group] ? null : value(valueOf[group]));
    }
  }

  private StringColumn texts() {
    return requireNonNull(strings, "only values of a string column are text");
  }

  private @Nullable Object value(long value) {
    return switch (type) {
      case LONG -> value;
      case DOUBLE -> Double.longBitsToDouble(value);
      case STRING -> texts().value((int) value);
    };
  }
}
