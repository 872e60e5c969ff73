package io.starfire.serving.query.compute;

import io.starfire.common.Utf8Order;
import io.starfire.serving.query.expression.Operator;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What operators compute. Two texts are put together or compared as texts, two longs as longs, and
 * everything else as doubles. Comparisons with null are null. Stateless.
 */
final class Operators {
  private Operators() {}

  /** Null if the operator has no meaning for operands of these types. */
  static @Nullable Node bind(Operator operator, Node left, Node right) {
    int capacity = left.capacity;
    if (operator == Operator.AND || operator == Operator.OR) {
      return left.type.isArray() || right.type.isArray()
          ? null
          : logic(operator == Operator.AND, left, right);
    }
    if (left.type == ValueType.NOTHING || right.type == ValueType.NOTHING) {
      ValueType type = operator.isComparison() ? ValueType.LONG : left.type.with(right.type);
      return new Inputs.Constant(type, capacity, null);
    }
    if (left.type.isArray() || right.type.isArray()) {
      return arrays(operator, left, right);
    }
    if (left.type == ValueType.STRING && right.type == ValueType.STRING) {
      return operator.isComparison()
          ? Computed.truths(
              capacity,
              i -> holds(operator, Utf8Order.compare(left.text(i), right.text(i))),
              left,
              right)
          : operator == Operator.PLUS
              ? Computed.objects(
                  ValueType.STRING, capacity, i -> left.text(i) + right.text(i), left, right)
              : null;
    }
    if (left.type == ValueType.LONG && right.type == ValueType.LONG) {
      return operator.isComparison()
          ? Computed.truths(
              capacity,
              i -> holds(operator, Long.compare(left.longs[i], right.longs[i])),
              left,
              right)
          : longs(operator, left, right);
    }
    Node one = Casts.to(ValueType.DOUBLE, left);
    Node other = Casts.to(ValueType.DOUBLE, right);
    return operator.isComparison()
        ? Computed.truths(
            capacity, i -> holds(operator, one.doubles[i], other.doubles[i]), one, other)
        : doubles(operator, one, other);
  }

  private static boolean holds(Operator operator, int comparison) {
    return switch (operator) {
      case LESS -> comparison < 0;
      case AT_MOST -> comparison <= 0;
      case MORE -> comparison > 0;
      case AT_LEAST -> comparison >= 0;
      case EQUAL -> comparison == 0;
      default -> comparison != 0;
    };
  }

  /** NaN equals NaN, and is neither above nor below anything. */
  private static boolean holds(Operator operator, double left, double right) {
    boolean equal = left == right || (Double.isNaN(left) && Double.isNaN(right));
    return switch (operator) {
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      case MORE -> left > right;
      case AT_LEAST -> left >= right;
      case EQUAL -> equal;
      default -> !equal;
    };
  }

  private static @Nullable Node longs(Operator operator, Node left, Node right) {
    int capacity = left.capacity;
    return switch (operator) {
      case PLUS -> Computed.ofLongs(capacity, Operators::add, left, right);
      case MINUS -> Computed.ofLongs(capacity, Operators::subtract, left, right);
      case TIMES -> Computed.ofLongs(capacity, Operators::multiply, left, right);
      case DIVIDED_BY -> quotient(left, right);
      case MODULO ->
          Computed.objects(
              ValueType.LONG,
              capacity,
              i -> right.longs[i] == 0 ? null : (Object) (left.longs[i] % right.longs[i]),
              left,
              right);
      case POWER ->
          Computed.longs(capacity, i -> power(left.longs[i], right.longs[i]), left, right);
      default -> null;
    };
  }

  /** Whole; by 0 it is null. */
  static Node quotient(Node left, Node right) {
    return Computed.objects(
        ValueType.LONG,
        left.capacity,
        i -> right.longs[i] == 0 ? null : (Object) (left.longs[i] / right.longs[i]),
        left,
        right);
  }

  private static @Nullable Node doubles(Operator operator, Node left, Node right) {
    int capacity = left.capacity;
    return switch (operator) {
      case PLUS -> Computed.ofDoubles(capacity, Operators::add, left, right);
      case MINUS -> Computed.ofDoubles(capacity, Operators::subtract, left, right);
      case TIMES -> Computed.ofDoubles(capacity, Operators::multiply, left, right);
      case DIVIDED_BY -> Computed.ofDoubles(capacity, Operators::divide, left, right);
      case MODULO ->
          Computed.doubles(capacity, i -> left.doubles[i] % right.doubles[i], left, right);
      case POWER ->
          Computed.doubles(capacity, i -> Math.pow(left.doubles[i], right.doubles[i]), left, right);
      default -> null;
    };
  }

  private static @Nullable Node arrays(Operator operator, Node left, Node right) {
    boolean equal = operator == Operator.EQUAL;
    if (!equal && operator != Operator.NOT_EQUAL) {
      return null;
    }
    ValueType common = left.type.with(right.type);
    Node one = Casts.to(common, left);
    Node other = Casts.to(common, right);
    return Computed.truths(
        left.capacity, i -> Arrays.equals(one.array(i), other.array(i)) == equal, one, other);
  }

  /** SQL's three values: a null counts only if the other operand does not decide. */
  private static Node logic(boolean and, Node left, Node right) {
    return Computed.overNulls(
        ValueType.LONG,
        left.capacity,
        i -> {
          Boolean one = left.nulls[i] ? null : (Boolean) Casts.isTrue(left, i);
          Boolean other = right.nulls[i] ? null : (Boolean) Casts.isTrue(right, i);
          Boolean decisive = !and;
          if (Objects.equals(one, decisive) || Objects.equals(other, decisive)) {
            return and ? 0L : 1L;
          }
          return one == null || other == null ? null : (Object) (and ? 1L : 0L);
        },
        left,
        right);
  }

  private static void add(long[] left, long[] right, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] + right[i];
    }
  }

  private static void subtract(long[] left, long[] right, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] - right[i];
    }
  }

  private static void multiply(long[] left, long[] right, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] * right[i];
    }
  }

  private static void add(double[] left, double[] right, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] + right[i];
    }
  }

  private static void subtract(double[] left, double[] right, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] - right[i];
    }
  }

  private static void multiply(double[] left, double[] right, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] * right[i];
    }
  }

  private static void divide(double[] left, double[] right, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = left[i] / right[i];
    }
  }

  /** A negative power is cut towards zero, as a quotient is. */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return (long) Math.pow((double) base, (double) exponent);
    }
    long result = 1;
    long square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      result *= (left & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }
}
