package io.starfire.serving.sql.rows;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import org.jspecify.annotations.Nullable;

/** The aggregate of the rows of a frame. Not thread-safe. */
final class WindowSum {
  private final WindowCall call;
  private long count;
  private long whole;
  private double decimal;
  private boolean isDecimal;
  private @Nullable Object extreme;

  WindowSum(WindowCall call) {
    this.call = call;
  }

  void add(@Nullable Object[] row) {
    Object value = call.arguments().isEmpty() ? (Object) 1L : call.arguments().get(0).of(row);
    if (value == null) {
      return;
    }
    count++;
    switch (call.function()) {
      case "MIN" ->
          extreme = extreme == null || Values.compare(value, extreme) < 0 ? value : extreme;
      case "MAX" ->
          extreme = extreme == null || Values.compare(value, extreme) > 0 ? value : extreme;
      case "COUNT" -> {}
      default -> sum(value);
    }
  }

  private void sum(Object value) {
    if (value instanceof Double number) {
      isDecimal = true;
      decimal += number;
      return;
    }
    try {
      whole = Math.addExact(whole, (Long) value);
    } catch (ArithmeticException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the sum of a window does not fit into 64 bits; sum it as DOUBLE: SUM(CAST(x AS DOUBLE))",
          e);
    }
  }

  @Nullable Object value() {
    return switch (call.function()) {
      case "COUNT" -> count;
      case "MIN", "MAX" -> extreme;
      case "$SUM0" -> count == 0 ? (Object) 0L : total();
      default -> count == 0 ? null : total();
    };
  }

  private Object total() {
    return isDecimal ? (Object) decimal : (Object) whole;
  }
}
