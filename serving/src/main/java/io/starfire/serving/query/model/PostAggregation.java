package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.expression.Expression;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value that is computed from earlier outputs of a group: dimensions, aggregations and earlier
 * post-aggregations. Immutable.
 */
public sealed interface PostAggregation
    permits PostAggregation.Arithmetic,
        PostAggregation.Extreme,
        PostAggregation.Expressed,
        PostAggregation.FieldAccess,
        PostAggregation.Constant {
  /** Its name in the result; may be null inside another one. */
  String name();

  /**
   * The type of the result.
   *
   * @param outputs the types of the earlier outputs, by name
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if it reads an output that is
   *     not among them, or calculates with text
   */
  ColumnType typeOver(Map<String, ColumnType> outputs);

  /**
   * The value: null, a Long, a Double or a String.
   *
   * @param outputs the values of the earlier outputs, by name
   */
  @Nullable Object compute(Map<String, Object> outputs);

  /** How values are ordered when rows are sorted by it: nulls first. */
  default Comparator<Object> order() {
    return ValueOrder::compareNaturally;
  }

  /**
   * Calculates with doubles, from left to right. The result is null if one of the fields is null.
   *
   * @param numericFirst whether, when rows are sorted by it, NaN and the infinities are below all
   *     other numbers
   */
  record Arithmetic(
      String name, Operator operator, List<PostAggregation> fields, boolean numericFirst)
      implements PostAggregation {
    public Arithmetic {
      fields = List.copyOf(fields);
      if (fields.size() < 2) {
        throw QueryChecks.invalid(
            "the arithmetic post-aggregation '%s' needs at least two fields, got %d",
            name, fields.size());
      }
    }

    @Override
    public ColumnType typeOver(Map<String, ColumnType> outputs) {
      for (PostAggregation field : fields) {
        if (field.typeOver(outputs) == ColumnType.STRING) {
          throw QueryChecks.invalid(
              "the arithmetic post-aggregation '%s' calculates with '%s', which is text",
              name, field.name());
        }
      }
      return ColumnType.DOUBLE;
    }

    @Override
    public @Nullable Object compute(Map<String, Object> outputs) {
      Number first = (Number) fields.get(0).compute(outputs);
      if (first == null) {
        return null;
      }
      double result = first.doubleValue();
      for (PostAggregation field : fields.subList(1, fields.size())) {
        Number next = (Number) field.compute(outputs);
        if (next == null) {
          return null;
        }
        result = operator.apply(result, next.doubleValue());
      }
      return result;
    }

    @Override
    public Comparator<Object> order() {
      return numericFirst ? Arithmetic::compareNumericFirst : ValueOrder::compareNaturally;
    }

    private static int compareNumericFirst(@Nullable Object left, @Nullable Object right) {
      if (left == null || right == null) {
        return Boolean.compare(left != null, right != null);
      }
      if (!(left instanceof Double one) || !(right instanceof Double other)) {
        return ValueOrder.compareNaturally(left, right);
      }
      int byFinite = Boolean.compare(Double.isFinite(one), Double.isFinite(other));
      return byFinite != 0 ? byFinite : Double.compare(one, other);
    }
  }

  /**
   * The greatest or the least of several values. Nulls are ignored; null if all are null.
   *
   * @param type LONG or DOUBLE, in which values are compared
   */
  record Extreme(String name, ColumnType type, boolean greatest, List<PostAggregation> fields)
      implements PostAggregation {
    public Extreme {
      fields = List.copyOf(fields);
      if (fields.isEmpty()) {
        throw QueryChecks.invalid("the post-aggregation '%s' needs at least one field", name);
      }
    }

    @Override
    public ColumnType typeOver(Map<String, ColumnType> outputs) {
      for (PostAggregation field : fields) {
        if (field.typeOver(outputs) == ColumnType.STRING) {
          throw QueryChecks.invalid(
              "the post-aggregation '%s' compares '%s', which is text, with numbers",
              name, field.name());
        }
      }
      return type;
    }

    @Override
    public @Nullable Object compute(Map<String, Object> outputs) {
      Object best = null;
      for (PostAggregation field : fields) {
        Number value = (Number) field.compute(outputs);
        if (value != null) {
          Object next = type == ColumnType.LONG ? value.longValue() : (Object) value.doubleValue();
          int order = best == null ? 0 : ValueOrder.compareNaturally(next, best);
          best = best == null || (greatest ? order > 0 : order < 0) ? next : best;
        }
      }
      return best;
    }
  }

  /**
   * What an expression computes.
   *
   * @param calculation that computes it
   * @param numericFirst as of {@link Arithmetic}
   */
  record Expressed(
      String name, Expression expression, Calculation calculation, boolean numericFirst)
      implements PostAggregation {
    @Override
    public ColumnType typeOver(Map<String, ColumnType> outputs) {
      for (String read : expression.columns()) {
        if (!outputs.containsKey(read)) {
          throw QueryChecks.invalid(
              "the post-aggregation '%s' reads '%s', which is not an output before it; those are"
                  + " %s",
              name, read, outputs.isEmpty() ? "none" : String.join(", ", outputs.keySet()));
        }
      }
      return calculation.typeOver(outputs);
    }

    @Override
    public @Nullable Object compute(Map<String, Object> outputs) {
      return calculation.compute(outputs);
    }

    @Override
    public Comparator<Object> order() {
      return numericFirst ? Arithmetic::compareNumericFirst : ValueOrder::compareNaturally;
    }
  }

  /** The value of an earlier output. */
  record FieldAccess(String name, String fieldName) implements PostAggregation {
    public FieldAccess {
      if (fieldName == null || fieldName.isEmpty()) {
        throw QueryChecks.invalid(
            "the post-aggregation '%s' must name an output as fieldName", name);
      }
    }

    @Override
    public ColumnType typeOver(Map<String, ColumnType> outputs) {
      if (!outputs.containsKey(fieldName)) {
        throw QueryChecks.invalid(
            "the post-aggregation '%s' reads '%s', which is not an output before it; those are %s",
            name, fieldName, outputs.isEmpty() ? "none" : String.join(", ", outputs.keySet()));
      }
      return outputs.get(fieldName);
    }

    @Override
    public @Nullable Object compute(Map<String, Object> outputs) {
      return outputs.get(fieldName);
    }
  }

  /**
   * A fixed value.
   *
   * @param value a Long or a Double
   */
  record Constant(String name, Number value) implements PostAggregation {
    @Override
    public ColumnType typeOver(Map<String, ColumnType> outputs) {
      return value instanceof Long ? ColumnType.LONG : ColumnType.DOUBLE;
    }

    @Override
    public @Nullable Object compute(Map<String, Object> outputs) {
      return value;
    }
  }

  /** The operation of an {@link Arithmetic}. */
  enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    /** Division that gives 0 for a divisor of 0, as Druid's does. */
    DIVIDED_BY("/"),
    /** Division of IEEE 754: by 0 it gives an infinity, or NaN. */
    QUOTIENT("quotient"),
    POWER("pow");

    private final String jsonName;

    Operator(String jsonName) {
      this.jsonName = jsonName;
    }

    /** Its {@code fn} in a query. */
    public String jsonName() {
      return jsonName;
    }

    double apply(double left, double right) {
      return switch (this) {
        case PLUS -> left + right;
        case MINUS -> left - right;
        case TIMES -> left * right;
        case DIVIDED_BY -> right == 0 ? 0 : left / right;
        case QUOTIENT -> left / right;
        case POWER -> Math.pow(left, right);
      };
    }
  }
}
