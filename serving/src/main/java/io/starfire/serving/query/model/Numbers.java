package io.starfire.serving.query.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads numbers that queries give as text. Stateless. */
public final class Numbers {
  private Numbers() {}

  /** The number; null if the text is not a number, or NaN or an infinity. */
  public static @Nullable BigDecimal decimal(String text) {
    // Refused by length and first letter, so that most text costs no exception.
    if (text.isEmpty() || text.length() > 100 || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // A scale like 1e999999999 would cost minutes to expand, and no column holds it.
      return Math.abs((long) number.scale()) > 400 ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
