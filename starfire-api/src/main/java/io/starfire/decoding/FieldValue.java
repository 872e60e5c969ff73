package io.starfire.decoding;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The value of one field, whatever the format of its record. The rules for values are here and in
 * {@link Numerals} and {@link TimeFormat}. They hold for every way in: stream, batch, {@code index}
 * and supervisors.
 *
 * <ul>
 *   <li>{@code 5.0} and {@code "1e3"} are whole numbers, {@code 9007199254740992.5} is not: a
 *       number is accepted if it is exactly a value of the wanted type, and it may be written as
 *       text. Only float and double are rounded, to the nearest value.
 *   <li>If text is wanted, a number or a boolean becomes the text that was written.
 *   <li>If a number, a boolean or a time is wanted, blank text is null.
 *   <li>Text is Unicode: bytes that are not UTF-8, and halves of surrogate pairs, are refused.
 *   <li>If two fields have the same name, the last one counts.
 * </ul>
 *
 * <p>Use a value only during the call that passes it. Not thread-safe.
 */
public abstract class FieldValue {
  /** The kind of a value. */
  public enum Kind {
    NULL,
    TEXT,
    BOOLEAN,
    /** A number that was written with neither a point nor an exponent. */
    INTEGER,
    /** A number that was written with a point or an exponent. */
    DECIMAL,
    /** A float or double of a binary format; may be NaN or infinite. */
    FLOATING,
    TIME,
    LIST,
    OBJECT
  }

  FieldValue() {}

  public abstract Kind kind();

  /** The text of a scalar, as it was written. */
  public abstract String text();

  /**
   * The array that {@link #text} lies in as UTF-8, from {@link #utf8From} to {@link #utf8To}; null
   * if it lies nowhere, and only {@link #text} has it. For those that do not need a String.
   */
  public byte[] utf8() {
    return null;
  }

  /** Where the text begins in {@link #utf8}. */
  public int utf8From() {
    throw new IllegalStateException("no bytes");
  }

  /** Where the text ends in {@link #utf8}, exclusive. */
  public int utf8To() {
    throw new IllegalStateException("no bytes");
  }

  /** Whether it is null, empty text, or text of blanks only. */
  public abstract boolean isBlank();

  /**
   * The value as a whole number; text is read as a number.
   *
   * @throws NumberFormatException if it is not a number
   * @throws ArithmeticException if it has a fraction that is not zero, or does not fit into 64 bits
   */
  public long longValue() {
    return Numerals.toLong(text());
  }

  /**
   * The double that is nearest to the value; text is read as a number. {@code NaN}, {@code
   * Infinity} and {@code -Infinity} are accepted.
   *
   * @throws NumberFormatException if it is not a number
   * @throws ArithmeticException if it is beyond the range of doubles
   */
  public double doubleValue() {
    return Numerals.toDouble(text());
  }

  /**
   * The value as an exact number; text is read as a number.
   *
   * @throws NumberFormatException if it is not a number
   */
  public BigDecimal decimal() {
    return Numerals.toDecimal(text());
  }

  /** The value of a BOOLEAN. */
  public boolean bool() {
    return Boolean.parseBoolean(text());
  }

  /** The value of a TIME. */
  public Instant time() {
    throw new IllegalStateException("no time but " + kind());
  }

  /** Milliseconds of text of the usual ISO-8601 form, or {@link IsoTimes#NONE}. */
  long usualIsoMillis() {
    return IsoTimes.usualMillis(text());
  }

  /** Passes on the values of a LIST, in order. Call it once only. */
  public void elements(Consumer<FieldValue> to) {
    throw new IllegalStateException("no list but " + kind());
  }

  /** Passes on the fields of an OBJECT, in order. Call it once only. */
  public void fields(BiConsumer<String, FieldValue> to) {
    throw new IllegalStateException("no object but " + kind());
  }

  /** The value for a message. */
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
