package io.starfire.decoding;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The value of one field, whatever the format of its record. The rules for values are here and in
 * {@link Numerals} and {@link TimeFormat}, and are the same on every way in:
 *
 * <ul>
 *   <li>A number may be written as text. It is taken where it is exactly a value of the wanted
 *       type: {@code 5.0} and {@code "1e3"} are whole numbers, {@code 9007199254740992.5} is none.
 *       Only the binary fractions of float and double are rounded, to the nearest one.
 *   <li>A number, or a boolean, that is wanted as text is the text as it was written.
 *   <li>Blank text is null where a number, a boolean or a time is wanted.
 *   <li>Text is Unicode: bytes that are not UTF-8, and halves of surrogate pairs, are refused.
 *   <li>Of two fields of one name the last counts.
 * </ul>
 *
 * <p>A value is only to be used while the target is called with it. Not thread-safe.
 */
public abstract class FieldValue {
  /** What a value is. */
  public enum Kind {
    NULL,
    TEXT,
    BOOLEAN,
    /** A number that was written without a point and an exponent. */
    INTEGER,
    /** A number that was written with one of them. */
    DECIMAL,
    /** A float or double of a binary format; may be NaN or infinite. */
    FLOATING,
    TIME,
    LIST,
    OBJECT
  }

  FieldValue() {}

  public abstract Kind kind();

  /** A scalar as it was written. */
  public abstract String text();

  /** Whether it is null, or text of nothing but blanks. */
  public abstract boolean isBlank();

  /**
   * The whole number that a number is, or that text means.
   *
   * @throws NumberFormatException if it is no number
   * @throws ArithmeticException if it is none of 64 bits
   */
  public long longValue() {
    return Numerals.toLong(text());
  }

  /**
   * The double that is nearest to a number, or to what text means; NaN and the infinities are taken
   * by their names in Java.
   *
   * @throws NumberFormatException if it is no number
   * @throws ArithmeticException if it is beyond the range of doubles
   */
  public double doubleValue() {
    return Numerals.toDouble(text());
  }

  /**
   * The number, or what text means, exactly.
   *
   * @throws NumberFormatException if it is no number
   */
  public BigDecimal decimal() {
    return Numerals.toDecimal(text());
  }

  /** Of a BOOLEAN. */
  public boolean bool() {
    return Boolean.parseBoolean(text());
  }

  /** Of a TIME. */
  public Instant time() {
    throw new IllegalStateException("no time but " + kind());
  }

  /** Milliseconds of text of the usual ISO-8601 form, or {@link IsoTimes#NONE}. */
  long usualIsoMillis() {
    return IsoTimes.usualMillis(text());
  }

  /** Hands out the values of a LIST, once. */
  public void elements(Consumer<FieldValue> to) {
    throw new IllegalStateException("no list but " + kind());
  }

  /** Hands out the fields of an OBJECT, once. */
  public void fields(BiConsumer<String, FieldValue> to) {
    throw new IllegalStateException("no object but " + kind());
  }

  /** For messages. */
  public final String describe() {
    return switch (kind()) {
      case NULL -> "null";
      case TEXT -> "text " + Quoted.of(text());
      case LIST -> "an array";
      case OBJECT -> "an object";
      default -> Quoted.shortened(text());
    };
  }
}
