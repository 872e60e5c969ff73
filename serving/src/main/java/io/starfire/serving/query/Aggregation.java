package io.starfire.serving.query;

import io.starfire.event.ColumnType;
import java.util.Arrays;
import java.util.Optional;

/**
 * One aggregate of a query. Over no values (no row, or only nulls) a count is 0, and a sum, minimum
 * or maximum is null, as in Druid's SQL-compatible mode.
 *
 * @param kind which one
 * @param name its name in the result
 * @param fieldName the column it reads; null for a count
 */
public record Aggregation(Kind kind, String name, String fieldName) {
  public Aggregation {
    if (name == null || name.isEmpty()) {
      throw QueryChecks.invalid("an aggregation of type %s must have a name", kind.jsonName());
    }
    if (kind == Kind.COUNT && fieldName != null) {
      throw QueryChecks.invalid(
          "aggregation '%s' counts rows and has no fieldName, got '%s'", name, fieldName);
    }
    if (kind != Kind.COUNT && (fieldName == null || fieldName.isEmpty())) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s must name a column as fieldName", name, kind.jsonName());
    }
  }

  /** Count counts stored rows, after rollup; sum a count column for rows before rollup. */
  public enum Kind {
    COUNT("count", ColumnType.LONG),
    LONG_SUM("longSum", ColumnType.LONG),
    LONG_MIN("longMin", ColumnType.LONG),
    LONG_MAX("longMax", ColumnType.LONG),
    DOUBLE_SUM("doubleSum", ColumnType.DOUBLE),
    DOUBLE_MIN("doubleMin", ColumnType.DOUBLE),
    DOUBLE_MAX("doubleMax", ColumnType.DOUBLE);

    private final String jsonName;
    private final ColumnType type;

    Kind(String jsonName, ColumnType type) {
      this.jsonName = jsonName;
      this.type = type;
    }

    /** Its {@code type} in a query. */
    public String jsonName() {
      return jsonName;
    }

    /** The type of its result. */
    public ColumnType type() {
      return type;
    }

    static Optional<Kind> named(String jsonName) {
      return Arrays.stream(values()).filter(kind -> kind.jsonName.equals(jsonName)).findFirst();
    }

    /** Combines two values that are present; doubles as raw bits. */
    long combine(long left, long right, String name) {
      return switch (this) {
        case COUNT, LONG_SUM -> sum(left, right, name);
        case LONG_MIN -> Math.min(left, right);
        case LONG_MAX -> Math.max(left, right);
        case DOUBLE_SUM -> bits(value(left) + value(right));
        case DOUBLE_MIN -> bits(Math.min(value(left), value(right)));
        case DOUBLE_MAX -> bits(Math.max(value(left), value(right)));
      };
    }

    /** A sum that does not fit is an error, never a wrong number. */
    static long sum(long left, long right, String name) {
      long sum = left + right;
      if (((left ^ sum) & (right ^ sum)) < 0) {
        throw QueryChecks.unsupported(
            "the sum '%s' does not fit into 64 bits; use doubleSum instead of longSum", name);
      }
      return sum;
    }

    private static double value(long bits) {
      return Double.longBitsToDouble(bits);
    }

    private static long bits(double value) {
      return Double.doubleToRawLongBits(value);
    }
  }
}
