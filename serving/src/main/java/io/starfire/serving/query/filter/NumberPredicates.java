package io.starfire.serving.query.filter;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.text.TextPredicate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** What a filter on one column says of a number that is not null. */
final class NumberPredicates {
  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private NumberPredicates() {}

  static LongTest ofLongs(Filter.OnColumn filter, QueryControl control) {
    if (filter instanceof Filter.Selector selector) {
      return equalTo(longs(values(selector.value())));
    }
    if (filter instanceof Filter.In in) {
      return equalTo(longs(in.values()));
    }
    if (filter instanceof Filter.OnText text) {
      TextPredicate predicate = TextPredicates.of(text, control);
      return LongTest.of(value -> predicate.test(Long.toString(value)));
    }
    Filter.Bound bound = ((Filter.Bound) filter).onNumbers();
    if (bound.ordering() != Filter.Ordering.NUMERIC) {
      return LongTest.of(value -> bound.contains(Long.toString(value)));
    }
    return between(bound);
  }

  static DoubleTest ofDoubles(Filter.OnColumn filter, QueryControl control) {
    if (filter instanceof Filter.Selector selector) {
      return equalTo(doubles(values(selector.value())));
    }
    if (filter instanceof Filter.In in) {
      return equalTo(doubles(in.values()));
    }
    if (filter instanceof Filter.OnText text) {
      TextPredicate predicate = TextPredicates.of(text, control);
      return DoubleTest.of(value -> predicate.test(Double.toString(value)));
    }
    Filter.Bound bound = ((Filter.Bound) filter).onNumbers();
    if (bound.ordering() != Filter.Ordering.NUMERIC) {
      return DoubleTest.of(value -> bound.contains(Double.toString(value)));
    }
    BigDecimal lower = bound.lowerNumber();
    BigDecimal upper = bound.upperNumber();
    double low = lower == null ? Double.NEGATIVE_INFINITY : doubleOf(lower);
    double high = upper == null ? Double.POSITIVE_INFINITY : doubleOf(upper);
    // A missing end is not strict, and NaN lies between no ends.
    boolean lowStrict = lower != null && bound.lowerStrict();
    boolean highStrict = upper != null && bound.upperStrict();
    return new DoubleTest(
        value ->
            (lowStrict ? value > low : value >= low) && (highStrict ? value < high : value <= high),
        lowStrict ? Math.nextUp(low) : low,
        highStrict ? Math.nextDown(high) : high,
        true);
  }

  private static LongTest equalTo(long[] values) {
    if (values.length == 0) {
      return new LongTest(value -> false, Long.MAX_VALUE, Long.MIN_VALUE, true);
    }
    long first = values[0];
    long last = values[values.length - 1];
    return values.length == 1
        ? new LongTest(value -> value == first, first, first, true)
        : new LongTest(value -> Arrays.binarySearch(values, value) >= 0, first, last, false);
  }

  /** {@code -0.0} equals {@code 0.0}, and NaN itself. */
  private static DoubleTest equalTo(double[] values) {
    DoublePredicate accepted = value -> Arrays.binarySearch(values, value + 0.0) >= 0;
    // A NaN among them is the last.
    return values.length == 0 || Double.isNaN(values[values.length - 1])
        ? DoubleTest.of(accepted)
        : new DoubleTest(accepted, values[0], values[values.length - 1], false);
  }

  /** The ends as inclusive longs; a strict or fractional end moves inwards. */
  private static LongTest between(Filter.Bound bound) {
    BigDecimal low = MIN_LONG;
    BigDecimal high = MAX_LONG;
    BigDecimal lower = bound.lowerNumber();
    if (lower != null) {
      BigDecimal whole = lower.setScale(0, RoundingMode.CEILING);
      boolean moves = bound.lowerStrict() && whole.compareTo(lower) == 0;
      low = low.max(moves ? whole.add(BigDecimal.ONE) : whole);
    }
    BigDecimal upper = bound.upperNumber();
    if (upper != null) {
      BigDecimal whole = upper.setScale(0, RoundingMode.FLOOR);
      boolean moves = bound.upperStrict() && whole.compareTo(upper) == 0;
      high = high.min(moves ? whole.subtract(BigDecimal.ONE) : whole);
    }
    if (low.compareTo(high) > 0) {
      return new LongTest(value -> false, Long.MAX_VALUE, Long.MIN_VALUE, true);
    }
    long first = low.longValueExact();
    long last = high.longValueExact();
    return new LongTest(value -> value >= first && value <= last, first, last, true);
  }

  private static List<String> values(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }

  private static long[] longs(Iterable<String> values) {
    List<Long> numbers = new ArrayList<>();
    for (String value : values) {
      BigDecimal number = value == null ? null : Numbers.decimal(value);
      if (number != null
          && number.compareTo(MIN_LONG) >= 0
          && number.compareTo(MAX_LONG) <= 0
          && number.stripTrailingZeros().scale() <= 0) {
        numbers.add(number.longValueExact());
      }
    }
    return numbers.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static double[] doubles(Iterable<String> values) {
    List<Double> numbers = new ArrayList<>();
    for (String value : values) {
      if (value != null && Set.of("NaN", "Infinity", "-Infinity").contains(value)) {
        numbers.add(Double.parseDouble(value));
      } else {
        BigDecimal number = value == null ? null : Numbers.decimal(value);
        if (number != null) {
          numbers.add(doubleOf(number));
        }
      }
    }
    return numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double doubleOf(BigDecimal number) {
    return number.doubleValue() + 0.0;
  }
}
