package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.starfire.event.SourceSettings.TimeFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Reads scalars. Text is read as a number, boolean or time where the type is one; a number is taken
 * where it is exactly a value of the type, and refused where it would have to be rounded (but for
 * the binary fractions of float and double).
 */
final class ScalarReader extends ValueReader {
  private static final int MAX_NUMBER_LENGTH = 1000;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

  private static final Pattern YEAR = Pattern.compile("[0-9]{4}");

  private final ValueType.Kind kind;
  private final TimeFormat timeFormat;

  ScalarReader(ValueType.Kind kind, TimeFormat timeFormat) {
    this.kind = kind;
    this.timeFormat = timeFormat;
  }

  @Override
  Object read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_STRING -> fromText(parser.getText());
      case VALUE_TRUE -> fromBoolean(true);
      case VALUE_FALSE -> fromBoolean(false);
      case VALUE_NUMBER_INT ->
          kind == ValueType.Kind.STRING ? parser.getText() : fromJsonInteger(parser);
      case VALUE_NUMBER_FLOAT ->
          switch (kind) {
            case STRING -> parser.getText();
            case FLOAT, DOUBLE -> fromDouble(parser.getDoubleValue(), false);
            default -> fromDecimal(parser.getDecimalValue());
          };
      case START_OBJECT -> throw expected("an object");
      case START_ARRAY -> throw expected("an array");
      default -> throw expected(token.name());
    };
  }

  private Object fromJsonInteger(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> fromLong(parser.getLongValue());
      default -> fromDecimal(new BigDecimal(parser.getBigIntegerValue()));
    };
  }

  @Override
  public Object convert(Object value) {
    if (value instanceof CharSequence text) {
      return fromText(text.toString());
    } else if (value instanceof Boolean flag) {
      return fromBoolean(flag);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      long number = ((Number) value).longValue();
      return kind == ValueType.Kind.STRING ? Long.toString(number) : fromLong(number);
    } else if (value instanceof Double || value instanceof Float) {
      return fromFloating((Number) value);
    } else if (value instanceof BigDecimal decimal) {
      return kind == ValueType.Kind.STRING ? decimal.toString() : fromDecimal(decimal);
    } else if (value instanceof BigInteger integer) {
      return convert(new BigDecimal(integer));
    } else if (value instanceof Instant instant) {
      return fromInstant(instant);
    }
    throw expected("a " + value.getClass().getSimpleName());
  }

  private Object fromInstant(Instant instant) {
    if (kind == ValueType.Kind.INSTANT) {
      return instant;
    } else if (kind == ValueType.Kind.STRING) {
      return instant.toString();
    } else if (kind == ValueType.Kind.LONG) {
      return instant.toEpochMilli();
    }
    throw expected("the time " + instant);
  }

  private Object fromFloating(Number number) {
    return switch (kind) {
      case STRING -> number.toString();
      case FLOAT -> number instanceof Float ? number : fromDouble(number.doubleValue(), true);
      case DOUBLE -> number.doubleValue();
      default -> {
        if (!Double.isFinite(number.doubleValue())) {
          throw expected(number.toString());
        }
        yield fromDecimal(new BigDecimal(number.toString()));
      }
    };
  }

  private Object fromText(String text) {
    return switch (kind) {
      case STRING -> text;
      case BOOLEAN -> {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
          yield text.equalsIgnoreCase("true");
        }
        throw expected(describe(text));
      }
      case INSTANT -> timeFromText(text.trim());
      case FLOAT, DOUBLE -> {
        String trimmed = text.trim();
        boolean special =
            trimmed.equals("NaN") || trimmed.equals("Infinity") || trimmed.equals("-Infinity");
        if (!special) {
          requireNumber(trimmed);
        }
        yield fromDouble(Double.parseDouble(trimmed), special);
      }
      case INT, LONG, DECIMAL -> fromDecimal(requireNumber(text.trim()));
    };
  }

  private BigDecimal requireNumber(String text) {
    if (text.length() > MAX_NUMBER_LENGTH || !NUMBER.matcher(text).matches()) {
      throw expected(describe(text));
    }
    return new BigDecimal(text);
  }

  private Object timeFromText(String text) {
    if (timeFormat != TimeFormat.ISO && NUMBER.matcher(text).matches()) {
      boolean year = timeFormat == TimeFormat.AUTO && YEAR.matcher(text).matches();
      if (!year) {
        return timeFromNumber(requireNumber(text));
      }
    }
    if (timeFormat == TimeFormat.AUTO || timeFormat == TimeFormat.ISO) {
      return IsoTimes.parse(text);
    }
    throw expected(describe(text));
  }

  private Object fromBoolean(boolean flag) {
    if (kind == ValueType.Kind.BOOLEAN) {
      return flag;
    } else if (kind == ValueType.Kind.STRING) {
      return Boolean.toString(flag);
    }
    throw expected(Boolean.toString(flag));
  }

  private Object fromLong(long number) {
    return switch (kind) {
      case LONG -> number;
      case INT -> {
        if (number != (int) number) {
          throw outOfRange(number);
        }
        yield (int) number;
      }
      case FLOAT -> (float) number;
      case DOUBLE -> (double) number;
      case DECIMAL -> BigDecimal.valueOf(number);
      case INSTANT ->
          timeFormat == TimeFormat.AUTO || timeFormat == TimeFormat.MILLIS
              ? Instant.ofEpochMilli(number)
              : timeFromNumber(BigDecimal.valueOf(number));
      case STRING, BOOLEAN -> throw expected(Long.toString(number));
    };
  }

  private Object fromDecimal(BigDecimal number) {
    return switch (kind) {
      case LONG, INT -> {
        try {
          yield fromLong(number.longValueExact());
        } catch (ArithmeticException e) {
          throw outOfRange(number);
        }
      }
      case FLOAT, DOUBLE -> fromDouble(number.doubleValue(), false);
      case DECIMAL -> number;
      case INSTANT -> timeFromNumber(number);
      case STRING, BOOLEAN -> throw expected(number.toString());
    };
  }

  private Object fromDouble(double number, boolean mayBeInfinite) {
    if (kind == ValueType.Kind.DOUBLE) {
      if (Double.isInfinite(number) && !mayBeInfinite) {
        throw outOfRange("the number");
      }
      return number;
    }
    float single = (float) number;
    if (Float.isInfinite(single) && !(mayBeInfinite && Double.isInfinite(number))) {
      throw outOfRange(number);
    }
    return single;
  }

  private Instant timeFromNumber(BigDecimal number) {
    int shift =
        switch (timeFormat) {
          case AUTO, MILLIS -> 0;
          case SECONDS -> 3;
          case MICROS -> -3;
          case ISO -> throw expected(number.toString());
        };
    // Digits in front of the point, known before an exponent like 999999999 is expanded.
    long digits = (long) number.precision() - number.scale() + shift;
    if (digits > 19) {
      throw outOfRange(number);
    } else if (digits <= 0) {
      return Instant.ofEpochMilli(number.signum() < 0 ? -1 : 0);
    }
    try {
      BigDecimal millis = number.scaleByPowerOfTen(shift).setScale(0, RoundingMode.FLOOR);
      return Instant.ofEpochMilli(millis.longValueExact());
    } catch (ArithmeticException e) {
      throw outOfRange(number);
    }
  }

  private DecodingFailure outOfRange(Object number) {
    return new DecodingFailure("%s does not fit into %s".formatted(describe(number), name()));
  }

  private DecodingFailure expected(String got) {
    return new DecodingFailure("%s is expected, got %s".formatted(name(), got));
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
      case INSTANT ->
          switch (timeFormat) {
            case AUTO -> "a time (ISO-8601, or milliseconds)";
            case ISO -> "a time (ISO-8601)";
            case MILLIS -> "a time (milliseconds)";
            case SECONDS -> "a time (seconds)";
            case MICROS -> "a time (microseconds)";
          };
    };
  }
}
