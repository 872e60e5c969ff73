package io.starfire.serving.query.exec;

import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one group, not finished, so that those of several row sets can be put together.
 * Each aggregate has
 *
 * <ul>
 *   <li>bits: the value, as raw bits if it is a double; the sum of a mean;
 *   <li>an extra: of a sum of longs, how many times 2^64 are missing from the bits, so that only a
 *       total that does not fit is an error, whatever the order; of a mean, the number of values;
 *       of a first or last, the time;
 *   <li>an object: of a first or last, the value, which may be null.
 * </ul>
 *
 * Not thread-safe; not changed once it is in a partial result that was handed out.
 */
public final class Aggregates {
  private final long[] bits;
  private final boolean[] present;

  /** Both null until one is set: most queries need neither. */
  private long @Nullable [] extras;

  private Object @Nullable [] objects;

  public Aggregates(int size) {
    this(new long[size], new boolean[size], null, null);
  }

  private Aggregates(
      long[] bits, boolean[] present, long @Nullable [] extras, Object @Nullable [] objects) {
    this.bits = bits;
    this.present = present;
    this.extras = extras;
    this.objects = objects;
  }

  Aggregates copy() {
    return new Aggregates(
        bits.clone(),
        present.clone(),
        extras == null ? null : extras.clone(),
        objects == null ? null : objects.clone());
  }

  void set(int index, long newBits, long extra) {
    bits[index] = newBits;
    present[index] = true;
    setExtra(index, extra);
  }

  /** Sets a first or last. */
  void setAtTime(int index, long millis, @Nullable Object value) {
    present[index] = true;
    setExtra(index, millis);
    if (objects == null && value != null) {
      objects = new Object[bits.length];
    }
    if (objects != null) {
      objects[index] = value;
    }
  }

  private void setExtra(int index, long extra) {
    if (extras == null && extra != 0) {
      extras = new long[bits.length];
    }
    if (extras != null) {
      extras[index] = extra;
    }
  }

  private long extra(int index) {
    return extras == null ? 0 : extras[index];
  }

  private @Nullable Object object(int index) {
    return objects == null ? null : objects[index];
  }

  private double real(int index) {
    return Double.longBitsToDouble(bits[index]);
  }

  /** Adds what the other has; it stays as it is. */
  void combine(List<Aggregation> aggregations, Aggregates other) {
    for (int i = 0; i < bits.length; i++) {
      if (other.present[i]) {
        combine(i, aggregations.get(i).kind(), other);
      }
    }
  }

  private void combine(int i, Aggregation.Kind kind, Aggregates other) {
    if (!present[i]) {
      bits[i] = other.bits[i];
      setAtTime(i, other.extra(i), other.object(i));
      return;
    }
    switch (kind) {
      case COUNT, LONG_SUM -> {
        long sum = bits[i] + other.bits[i];
        setExtra(i, extra(i) + other.extra(i) + LongAccumulator.wraps(bits[i], other.bits[i]));
        bits[i] = sum;
      }
      case LONG_MIN -> bits[i] = Math.min(bits[i], other.bits[i]);
      case LONG_MAX -> bits[i] = Math.max(bits[i], other.bits[i]);
      case DOUBLE_SUM -> setReal(i, real(i) + other.real(i));
      case DOUBLE_MIN -> setReal(i, Math.min(real(i), other.real(i)));
      case DOUBLE_MAX -> setReal(i, Math.max(real(i), other.real(i)));
      case DOUBLE_MEAN -> {
        setReal(i, real(i) + other.real(i));
        setExtra(i, extra(i) + other.extra(i));
      }
      case LONG_FIRST, DOUBLE_FIRST, STRING_FIRST, LONG_LAST, DOUBLE_LAST, STRING_LAST -> {
        if (wins(kind.isFirst(), other.extra(i), other.object(i), extra(i), object(i))) {
          setAtTime(i, other.extra(i), other.object(i));
        }
      }
    }
  }

  private void setReal(int index, double value) {
    bits[index] = Double.doubleToRawLongBits(value);
  }

  /** Whether a value at a time replaces another one, as {@link Aggregation} says. */
  private static boolean wins(
      boolean first, long time, @Nullable Object value, long oldTime, @Nullable Object old) {
    if (time != oldTime) {
      return first == time < oldTime;
    }
    if (value == null || old == null) {
      return value != null;
    }
    int comparison = compare(value, old);
    return first ? comparison < 0 : comparison > 0;
  }

  private static int compare(Object left, Object right) {
    if (left instanceof String text) {
      return Utf8Order.compare(text, (String) right);
    }
    return left instanceof Long number
        ? Long.compare(number, (Long) right)
        : Double.compare((Double) left, (Double) right);
  }

  /** The results of the aggregates, in order. */
  public List<Object> values(List<Aggregation> aggregations) {
    Object[] values = new Object[bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i, aggregations.get(i));
    }
    return Arrays.asList(values);
  }

  /**
   * The result of one aggregate: null, a Long, a Double or a String.
   *
   * @throws io.starfire.common.StarfireException with UNSUPPORTED if a sum does not fit
   */
  @Nullable Object value(int index, Aggregation aggregation) {
    Aggregation.Kind kind = aggregation.kind();
    if (!present[index]) {
      return kind == Aggregation.Kind.COUNT ? (Object) 0L : null;
    }
    if (kind.isByTime()) {
      return object(index) instanceof String text
          ? cut(text, aggregation.maxStringBytes())
          : object(index);
    }
    if (kind == Aggregation.Kind.DOUBLE_MEAN) {
      return real(index) / extra(index);
    }
    if (kind.type() == ColumnType.DOUBLE) {
      return real(index);
    }
    if (extra(index) != 0) {
      throw QueryChecks.unsupported(
          "the sum '%s' does not fit into 64 bits; use doubleSum instead of longSum",
          aggregation.name());
    }
    return bits[index];
  }

  private static String cut(String text, int maxBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (maxBytes == 0 || bytes.length <= maxBytes) {
      return text;
    }
    int end = maxBytes;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
