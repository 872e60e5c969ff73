package io.starfire.decoding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A value that its format's reader gives as a Java object, as for Parquet. Immutable. */
public final class JavaValue extends FieldValue {
  private final Object value;

  private JavaValue(Object value) {
    this.value = value;
  }

  /**
   * A value.
   *
   * @param value null, CharSequence, Boolean, Number, Instant, or List and Map of these; an {@link
   *     UnreadableValue} is refused with its reason when it is looked at
   */
  public static FieldValue of(Object value) {
    return new JavaValue(value);
  }

  @Override
  public Kind kind() {
    if (value == null) {
      return Kind.NULL;
    } else if (value instanceof CharSequence) {
      return Kind.TEXT;
    } else if (value instanceof Boolean) {
      return Kind.BOOLEAN;
    } else if (value instanceof Double || value instanceof Float) {
      return Kind.FLOATING;
    } else if (value instanceof BigDecimal) {
      return Kind.DECIMAL;
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      return Kind.INTEGER;
    } else if (value instanceof Instant) {
      return Kind.TIME;
    } else if (value instanceof List) {
      return Kind.LIST;
    } else if (value instanceof Map) {
      return Kind.OBJECT;
    }
    if (value instanceof UnreadableValue unreadable) {
      throw new DecodingFailure(unreadable.reason());
    }
    if (value instanceof byte[] bytes) {
      throw new DecodingFailure("%d bytes are no UTF-8 text".formatted(bytes.length));
    }
    throw new DecodingFailure(
        "a value of type %s cannot be read".formatted(value.getClass().getSimpleName()));
  }

  @Override
  public String text() {
    String text = value instanceof BigDecimal number ? plain(number) : String.valueOf(value);
    return value instanceof CharSequence ? Utf8Text.requireWhole(text) : text;
  }

  /** Without an exponent, unless the text would then be longer than a number may be. */
  private static String plain(BigDecimal number) {
    return Math.abs((long) number.scale()) > Numerals.MAX_LENGTH / 2
        ? number.toString()
        : number.toPlainString();
  }

  @Override
  public boolean isBlank() {
    return value == null || (value instanceof CharSequence && Numerals.isBlank(value.toString()));
  }

  @Override
  public long longValue() {
    return value instanceof Long || value instanceof Integer
        ? ((Number) value).longValue()
        : super.longValue();
  }

  @Override
  public double doubleValue() {
    return value instanceof Double || value instanceof Float
        ? ((Number) value).doubleValue()
        : super.doubleValue();
  }

  @Override
  public BigDecimal decimal() {
    return value instanceof BigDecimal number ? number : super.decimal();
  }

  @Override
  public Instant time() {
    return value instanceof Instant instant ? instant : super.time();
  }

  @Override
  public void elements(Consumer<FieldValue> to) {
    ((List<?>) value).forEach(item -> to.accept(of(item)));
  }

  @Override
  public void fields(BiConsumer<String, FieldValue> to) {
    ((Map<?, ?>) value).forEach((name, item) -> to.accept(String.valueOf(name), of(item)));
  }
}
