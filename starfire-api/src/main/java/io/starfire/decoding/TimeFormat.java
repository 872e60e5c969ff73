package io.starfire.decoding;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How times are written. ISO-8601 text without a zone is UTC. A number may be written as text, and
 * may have a fraction. Times are cut to the millisecond, towards the past.
 */
public enum TimeFormat {
  /** ISO-8601 text, or a number of milliseconds, which may be written as text. */
  AUTO(0, "a time (ISO-8601, or milliseconds)"),
  ISO(0, "a time (ISO-8601)"),
  MILLIS(0, "a time (milliseconds)"),
  SECONDS(3, "a time (seconds)"),
  MICROS(-3, "a time (microseconds)"),
  NANOS(-6, "a time (nanoseconds)");

  /** How many digits the point moves to the right to turn the number into milliseconds. */
  private final int shift;

  private final String description;

  TimeFormat(int shift, String description) {
    this.shift = shift;
    this.description = description;
  }

  /** What is expected, as text for a message. */
  public String description() {
    return description;
  }

  /**
   * Reads a time.
   *
   * @param value neither null nor blank
   * @return milliseconds since the epoch
   * @throws DecodingFailure if it is not a time of this format
   */
  public long millis(FieldValue value) {
    try {
      return switch (value.kind()) {
        case TIME -> value.time().toEpochMilli();
        case INTEGER -> ofInteger(value);
        case DECIMAL, FLOATING -> ofNumber(value.decimal());
        case TEXT -> ofText(value);
        default -> throw expected(value);
      };
    } catch (NumberFormatException e) {
      throw expected(value);
    } catch (ArithmeticException e) {
      throw new DecodingFailure(
          "%s does not fit into %s".formatted(value.describe(), description), e);
    }
  }

  private long ofText(FieldValue value) {
    if (this == AUTO || this == ISO) {
      long millis = value.usualIsoMillis();
      if (millis != IsoTimes.NONE) {
        return millis;
      }
    }
    String text = value.text().trim();
    if (this != ISO && Numerals.isNumber(text)) {
      return ofNumber(Numerals.toDecimal(text));
    }
    if (this == AUTO || this == ISO) {
      return IsoTimes.millis(text);
    }
    throw expected(value);
  }

  private long ofInteger(FieldValue value) {
    if (this == AUTO || this == MILLIS) {
      return value.longValue();
    }
    return ofNumber(value.decimal());
  }

  private long ofNumber(BigDecimal number) {
    if (this == ISO) {
      throw new NumberFormatException("a number is no ISO-8601 text");
    }
    // The digits before the point are counted before an exponent such as 999999999 is expanded.
    long digits = (long) number.precision() - number.scale() + shift;
    if (digits > 19) {
      throw new ArithmeticException("too large");
    } else if (digits <= 0) {
      return number.signum() < 0 ? -1 : 0;
    }
    return number.scaleByPowerOfTen(shift).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private DecodingFailure expected(FieldValue value) {
    return new DecodingFailure("%s is expected, got %s".formatted(description, value.describe()));
  }
}
