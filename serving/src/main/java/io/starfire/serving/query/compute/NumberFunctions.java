package io.starfire.serving.query.compute;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions that calculate. Those of one double are those of Java's Math. Stateless. */
final class NumberFunctions {
  private NumberFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define("abs", "x", "Without its sign; a LONG stays one.", NumberFunctions::abs),
        ofDouble("acos", "Arc cosine.", Math::acos),
        ofDouble("asin", "Arc sine.", Math::asin),
        ofDouble("atan", "Arc tangent.", Math::atan),
        ofDoubles("atan2", "y, x", "Angle of the point (x, y).", Math::atan2),
        ofLongs("bitwiseAnd", "Bits that are set in both.", (x, y) -> x & y),
        ofLongs("bitwiseOr", "Bits that are set in one of them.", (x, y) -> x | y),
        ofLongs("bitwiseXor", "Bits that are set in exactly one.", (x, y) -> x ^ y),
        ofLongs("bitwiseShiftLeft", "x shifted left by y bits.", (x, y) -> x << y),
        ofLongs("bitwiseShiftRight", "x shifted right by y bits, with its sign.", (x, y) -> x >> y),
        define("bitwiseComplement", "x", "All bits turned.", NumberFunctions::complement),
        define(
            "bitwiseConvertDoubleToLongBits",
            "x",
            "The bits of a double as a LONG.",
            NumberFunctions::toBits),
        define(
            "bitwiseConvertLongBitsToDouble",
            "x",
            "The double that has these bits.",
            NumberFunctions::fromBits),
        ofDouble("cbrt", "Cube root.", Math::cbrt),
        ofDouble("ceil", "The smallest whole number at or above x, as a double.", Math::ceil),
        ofDoubles("copysign", "x, y", "x with the sign of y.", Math::copySign),
        ofDouble("cos", "Cosine.", Math::cos),
        ofDouble("cosh", "Hyperbolic cosine.", Math::cosh),
        ofDouble("cot", "Cotangent.", x -> Math.cos(x) / Math.sin(x)),
        define(
            "div",
            "x, y",
            "The quotient as a LONG, cut towards zero; null if y is 0.",
            NumberFunctions::div),
        ofDouble("exp", "e to the power of x.", Math::exp),
        ofDouble("expm1", "e to the power of x, less 1.", Math::expm1),
        ofDouble("floor", "The largest whole number at or below x, as a double.", Math::floor),
        define(
            "getExponent",
            "x",
            "The exponent of a double's representation.",
            NumberFunctions::exponent),
        ofDoubles("hypot", "x, y", "The square root of x*x + y*y.", Math::hypot),
        ofDouble("log", "Natural logarithm.", Math::log),
        ofDouble("log10", "Logarithm to the base of 10.", Math::log10),
        ofDouble("log1p", "Natural logarithm of x + 1.", Math::log1p),
        define("max", "x, y", "The larger.", call -> ofBoth(call, Math::max, Math::max)),
        define("min", "x, y", "The smaller.", call -> ofBoth(call, Math::min, Math::min)),
        ofDoubles(
            "nextAfter", "x, y", "The double beside x in the direction of y.", Math::nextAfter),
        ofDouble("nextUp", "The next larger double.", Math::nextUp),
        define("pi", "", "The number pi.", call -> call.doubles(i -> Math.PI)),
        ofDoubles("pow", "x, y", "x to the power of y, as a double.", Math::pow),
        ofDoubles("remainder", "x, y", "The remainder of IEEE 754.", Math::IEEEremainder),
        ofDouble("rint", "The nearest whole number, as a double; of two the even one.", Math::rint),
        define(
            "round",
            "x[, digits]",
            "Rounded to so many digits after the point, 0 unless given; before it if negative. A"
                + " LONG stays one. NaN gives 0, and an infinity the largest double of its sign.",
            NumberFunctions::round),
        define("safe_divide", "x, y", "The quotient; null if y is 0.", NumberFunctions::safeDivide),
        ofDoubles("scalb", "x, y", "x times 2 to the power of y.", NumberFunctions::scale),
        ofDouble("signum", "-1, 0 or 1, as a double.", Math::signum),
        ofDouble("sin", "Sine.", Math::sin),
        ofDouble("sinh", "Hyperbolic sine.", Math::sinh),
        ofDouble("sqrt", "Square root.", Math::sqrt),
        ofDouble("tan", "Tangent.", Math::tan),
        ofDouble("tanh", "Hyperbolic tangent.", Math::tanh),
        ofDouble("toDegrees", "From radians.", Math::toDegrees),
        ofDouble("toRadians", "From degrees.", Math::toRadians),
        ofDouble("ulp", "The distance to the next double.", Math::ulp));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.NUMBERS, name, parameters, meaning, binding);
  }

  private static FunctionDefinition ofDouble(
      String name, String meaning, DoubleUnaryOperator function) {
    return define(
        name,
        "x",
        meaning,
        call -> {
          Node x = call.doubleAt(0);
          return call.doubles(i -> function.applyAsDouble(x.doubles[i]), x);
        });
  }

  private static FunctionDefinition ofDoubles(
      String name, String parameters, String meaning, DoubleBinaryOperator function) {
    return define(
        name,
        parameters,
        meaning,
        call -> {
          Node x = call.doubleAt(0);
          Node y = call.doubleAt(1);
          return call.doubles(i -> function.applyAsDouble(x.doubles[i], y.doubles[i]), x, y);
        });
  }

  private static FunctionDefinition ofLongs(
      String name, String meaning, LongBinaryOperator function) {
    return define(
        name,
        "x, y",
        meaning,
        call -> {
          Node x = call.longAt(0);
          Node y = call.longAt(1);
          return call.longs(i -> function.applyAsLong(x.longs[i], y.longs[i]), x, y);
        });
  }

  /** Of two longs a long, else a double. */
  private static Node ofBoth(Call call, LongBinaryOperator longs, DoubleBinaryOperator doubles) {
    Node x = call.scalarAt(0);
    Node y = call.scalarAt(1);
    if (x.type == ValueType.LONG && y.type == ValueType.LONG) {
      return call.longs(i -> longs.applyAsLong(x.longs[i], y.longs[i]), x, y);
    }
    Node one = Casts.to(ValueType.DOUBLE, x);
    Node other = Casts.to(ValueType.DOUBLE, y);
    return call.doubles(i -> doubles.applyAsDouble(one.doubles[i], other.doubles[i]), one, other);
  }

  private static Node abs(Call call) {
    Node x = call.scalarAt(0);
    if (x.type == ValueType.LONG) {
      return call.longs(i -> Math.abs(x.longs[i]), x);
    }
    Node number = Casts.to(ValueType.DOUBLE, x);
    return call.doubles(i -> Math.abs(number.doubles[i]), number);
  }

  private static Node complement(Call call) {
    Node x = call.longAt(0);
    return call.longs(i -> ~x.longs[i], x);
  }

  private static Node toBits(Call call) {
    Node x = call.doubleAt(0);
    return call.longs(i -> Double.doubleToRawLongBits(x.doubles[i]), x);
  }

  private static Node fromBits(Call call) {
    Node x = call.longAt(0);
    return call.doubles(i -> Double.longBitsToDouble(x.longs[i]), x);
  }

  private static Node exponent(Call call) {
    Node x = call.doubleAt(0);
    return call.longs(i -> Math.getExponent(x.doubles[i]), x);
  }

  private static Node div(Call call) {
    Node x = call.scalarAt(0);
    Node y = call.scalarAt(1);
    if (x.type == ValueType.LONG && y.type == ValueType.LONG) {
      return Operators.quotient(x, y);
    }
    Node one = Casts.to(ValueType.DOUBLE, x);
    Node other = Casts.to(ValueType.DOUBLE, y);
    return call.objects(
        ValueType.LONG,
        i -> other.doubles[i] == 0 ? null : (Object) (long) (one.doubles[i] / other.doubles[i]),
        one,
        other);
  }

  private static Node safeDivide(Call call) {
    Node x = call.scalarAt(0);
    Node y = call.scalarAt(1);
    if (x.type == ValueType.LONG && y.type == ValueType.LONG) {
      return Operators.quotient(x, y);
    }
    Node one = Casts.to(ValueType.DOUBLE, x);
    Node other = Casts.to(ValueType.DOUBLE, y);
    return call.objects(
        ValueType.DOUBLE,
        i -> other.doubles[i] == 0 ? null : (Object) (one.doubles[i] / other.doubles[i]),
        one,
        other);
  }

  private static double scale(double x, double y) {
    return Math.scalb(x, (int) y);
  }

  private static Node round(Call call) {
    Node x = call.scalarAt(0);
    int digits = (int) Math.max(-400, Math.min(400, call.wholeNumber(1, 0)));
    if (x.type == ValueType.LONG) {
      return call.objects(ValueType.LONG, i -> rounded(x.longs[i], digits), x);
    }
    Node number = Casts.to(ValueType.DOUBLE, x);
    return call.doubles(i -> rounded(number.doubles[i], digits), number);
  }

  private static @Nullable Long rounded(long x, int digits) {
    if (digits >= 0) {
      return x;
    }
    BigDecimal rounded = BigDecimal.valueOf(x).setScale(digits, RoundingMode.HALF_UP);
    return rounded.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
        ? null
        : (Long) rounded.longValue();
  }

  private static double rounded(double x, int digits) {
    if (Double.isNaN(x)) {
      return 0;
    }
    if (Double.isInfinite(x)) {
      return Math.copySign(Double.MAX_VALUE, x);
    }
    return BigDecimal.valueOf(x).setScale(digits, RoundingMode.HALF_UP).doubleValue();
  }
}
