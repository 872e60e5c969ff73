package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.TimeFormat;
import java.time.Instant;

/** Reads scalars, by the rules of {@link FieldValue}. */
final class ScalarReader extends ValueReader {
  private final ValueType.Kind kind;
  private final TimeFormat timeFormat;

  ScalarReader(ValueType.Kind kind, TimeFormat timeFormat) {
    this.kind = kind;
    this.timeFormat = timeFormat;
  }

  @Override
  boolean isNull(FieldValue value) {
    return kind == ValueType.Kind.STRING ? super.isNull(value) : value.isBlank();
  }

  @Override
  public Object read(FieldValue value) {
    FieldValue.Kind got = value.kind();
    if (got == FieldValue.Kind.LIST || got == FieldValue.Kind.OBJECT) {
      throw expected(value);
    }
    try {
      return switch (kind) {
        case STRING -> value.text();
        case BOOLEAN -> bool(value);
        case INSTANT -> Instant.ofEpochMilli(timeFormat.millis(value));
        case INT -> Math.toIntExact(whole(value));
        case LONG -> whole(value);
        case FLOAT -> single(number(value).doubleValue());
        case DOUBLE -> number(value).doubleValue();
        case DECIMAL -> number(value).decimal();
      };
    } catch (NumberFormatException e) {
      throw expected(value);
    } catch (ArithmeticException e) {
      throw new DecodingFailure("%s does not fit into %s".formatted(value.describe(), name()), e);
    }
  }

  private boolean bool(FieldValue value) {
    if (value.kind() == FieldValue.Kind.BOOLEAN) {
      return value.bool();
    }
    String text = value.kind() == FieldValue.Kind.TEXT ? value.text().trim() : "";
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    throw expected(value);
  }

  private long whole(FieldValue value) {
    return kind == ValueType.Kind.LONG && value.kind() == FieldValue.Kind.TIME
        ? value.time().toEpochMilli()
        : number(value).longValue();
  }

  private FieldValue number(FieldValue value) {
    if (value.kind() == FieldValue.Kind.BOOLEAN || value.kind() == FieldValue.Kind.TIME) {
      throw expected(value);
    }
    return value;
  }

  private static float single(double number) {
    float single = (float) number;
    if (Float.isInfinite(single) && !Double.isInfinite(number)) {
      throw new ArithmeticException("beyond the range of floats");
    }
    return single;
  }

  private DecodingFailure expected(FieldValue got) {
    return new DecodingFailure("%s is expected, got %s".formatted(name(), got.describe()));
  }

  private String name() {
    return switch (kind) {
      case STRING -> "a text";
      case BOOLEAN -> "true or false";
      case INT -> "an int";
      case LONG -> "a long";
      case FLOAT -> "a float";
      case DOUBLE -> "a double";
      case DECIMAL -> "a decimal";
      case INSTANT -> timeFormat.description();
    };
  }
}
