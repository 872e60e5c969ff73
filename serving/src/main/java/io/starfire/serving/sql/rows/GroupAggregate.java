package io.starfire.serving.sql.rows;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One aggregate of one group. Not thread-safe. */
final class GroupAggregate {
  private static final int VALUE_BYTES = 64;

  private final AggregateStep.Call call;
  private final @Nullable Set<Object> seen;
  private final List<@Nullable Object> values = new ArrayList<>();
  private long count;
  private long whole;
  private double decimal;

  /** Mean and sum of squared distances from it, by Welford's method. */
  private double mean;

  private double squares;
  private String separator = "";
  private @Nullable Object extreme;

  GroupAggregate(AggregateStep.Call call) {
    this.call = call;
    this.seen = call.distinct() ? new HashSet<>() : null;
  }

  /** Adds a row; returns the bytes that are held more for it. */
  long add(@Nullable Object[] row) {
    if (call.filter() >= 0 && !Long.valueOf(1).equals(row[call.filter()])) {
      return 0;
    }
    Object value = call.argument() < 0 ? (Object) 1L : row[call.argument()];
    boolean keepsNulls = call.function().equals("ARRAY_AGG");
    if (value == null && !keepsNulls) {
      return 0;
    }
    long held = 0;
    if (seen != null) {
      if (!seen.add(value == null ? Void.class : Values.key(value))) {
        return 0;
      }
      held = VALUE_BYTES + size(value);
    }
    count++;
    if (call.separator() >= 0 && row[call.separator()] instanceof String text) {
      separator = text;
    }
    return held + addCounted(value);
  }

  private static long size(@Nullable Object value) {
    return value instanceof String text ? text.length() : 0;
  }

  private long addCounted(@Nullable Object value) {
    switch (call.function()) {
      case "ARRAY_AGG", "STRING_AGG", "LISTAGG" -> {
        values.add(value);
        return VALUE_BYTES + size(value);
      }
      case "MIN" ->
          extreme = extreme == null || Values.compare(value, extreme) < 0 ? value : extreme;
      case "MAX" ->
          extreme = extreme == null || Values.compare(value, extreme) > 0 ? value : extreme;
      case "ANY_VALUE" -> extreme = extreme == null ? value : extreme;
      case "SINGLE_VALUE" -> {
        if (count > 1) {
          throw new StarfireException(
              ErrorCode.INVALID_INPUT,
              "a subquery that stands for one value has more than one row; use an aggregate or"
                  + " LIMIT 1 in it");
        }
        extreme = value;
      }
      case "COUNT" -> {}
      default -> addNumber((Number) value);
    }
    return 0;
  }

  private void addNumber(Number value) {
    if (call.decimal() || !(value instanceof Long number)) {
      double one = value.doubleValue();
      decimal += one;
      double distance = one - mean;
      mean += distance / count;
      squares += distance * (one - mean);
      return;
    }
    try {
      whole = Math.addExact(whole, number);
    } catch (ArithmeticException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a sum does not fit into 64 bits; sum it as DOUBLE: SUM(CAST(x AS DOUBLE))",
          e);
    }
  }

  @Nullable Object result() {
    if (call.distinct()) {
      // So that the answer is the same each time, and as in Druid.
      values.sort(Values::compareNullable);
    }
    return switch (call.function()) {
      case "COUNT" -> count;
      case "MIN", "MAX", "ANY_VALUE", "SINGLE_VALUE" -> extreme;
      case "SUM" -> count == 0 ? null : sum();
      case "$SUM0" -> sum();
      case "AVG" -> count == 0 ? null : (Object) (decimal / count);
      case "ARRAY_AGG" -> values.isEmpty() ? null : values;
      case "STRING_AGG", "LISTAGG" ->
          values.isEmpty()
              ? null
              : values.stream().map(String::valueOf).collect(Collectors.joining(separator));
      case "VAR_POP" -> count == 0 ? null : (Object) (squares / count);
      case "STDDEV_POP" -> count == 0 ? null : (Object) Math.sqrt(squares / count);
      case "VAR_SAMP", "VARIANCE" -> count < 2 ? null : (Object) (squares / (count - 1));
      case "STDDEV_SAMP", "STDDEV" -> count < 2 ? null : (Object) Math.sqrt(squares / (count - 1));
      default ->
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "the aggregate %s is not supported here; use it over columns of a data source"
                  .formatted(call.function()));
    };
  }

  private Object sum() {
    return call.decimal() ? (Object) decimal : (Object) whole;
  }
}
