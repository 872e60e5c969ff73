package io.starfire.serving.query.model;

import io.starfire.common.Utf8Order;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders in which Druid sorts the values of a dimension. A value is null, a String, a Long or a
 * Double. Null is the smallest. Values that an order does not distinguish are ordered by their
 * UTF-8 bytes, so that answers are the same each time.
 */
public enum ValueOrder {
  /** By UTF-8 bytes, which is by code points. */
  LEXICOGRAPHIC,
  /**
   * {@code a2} comes before {@code a10}: runs of the digits 0 to 9 are ordered by their value,
   * everything else by UTF-8 bytes, and digits come before everything else.
   */
  ALPHANUMERIC,
  /** By the number of UTF-16 units, as in Druid. */
  STRLEN,
  /** By value as decimal numbers; text that is not a number comes before those that are. */
  NUMERIC;

  /** Its name in a query. */
  String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The order with a name, in upper or lower case. */
  public static ValueOrder named(String name, String path) {
    for (ValueOrder order : values()) {
      if (order.name().equalsIgnoreCase(name)) {
        return order;
      }
    }
    throw QueryChecks.invalid(
        "%s '%s' is not known; use one of %s",
        path,
        name,
        Arrays.stream(values()).map(ValueOrder::jsonName).collect(Collectors.joining(", ")));
  }

  /** The order as a comparator; accepts null. */
  public Comparator<Object> comparator() {
    return this::compare;
  }

  public int compare(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    if (this == NUMERIC && left instanceof Long one && right instanceof Long other) {
      return Long.compare(one, other);
    }
    if (this == NUMERIC && left instanceof Double one && right instanceof Double other) {
      return Double.compare(one, other);
    }
    String leftText = left.toString();
    String rightText = right.toString();
    int order =
        switch (this) {
          case LEXICOGRAPHIC -> 0;
          case ALPHANUMERIC -> compareRuns(leftText, rightText);
          case STRLEN -> Integer.compare(leftText.length(), rightText.length());
          case NUMERIC -> compareNumbers(leftText, rightText);
        };
    return order != 0 ? order : Utf8Order.compare(leftText, rightText);
  }

  /** The order of a dimension's values if a query sets none: numbers by value. */
  public static int compareNaturally(@Nullable Object left, @Nullable Object right) {
    return (left instanceof Number || right instanceof Number ? NUMERIC : LEXICOGRAPHIC)
        .compare(left, right);
  }

  /** The natural order of arrays: that of the first elements that differ; a shorter one is less. */
  public static int compareArrays(@Nullable Object[] left, @Nullable Object[] right) {
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = compareNaturally(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int compareNumbers(String left, String right) {
    BigDecimal leftNumber = Numbers.decimal(left);
    BigDecimal rightNumber = Numbers.decimal(right);
    if (leftNumber == null || rightNumber == null) {
      return Boolean.compare(leftNumber != null, rightNumber != null);
    }
    return leftNumber.compareTo(rightNumber);
  }

  private static int compareRuns(String left, String right) {
    int atLeft = 0;
    int atRight = 0;
    while (atLeft < left.length() && atRight < right.length()) {
      int endLeft = endOfRun(left, atLeft);
      int endRight = endOfRun(right, atRight);
      boolean leftIsNumber = isDigit(left.charAt(atLeft));
      boolean rightIsNumber = isDigit(right.charAt(atRight));
      if (leftIsNumber != rightIsNumber) {
        return leftIsNumber ? -1 : 1;
      }
      String leftRun = left.substring(atLeft, endLeft);
      String rightRun = right.substring(atRight, endRight);
      int order =
          leftIsNumber ? compareDigits(leftRun, rightRun) : Utf8Order.compare(leftRun, rightRun);
      if (order != 0) {
        return order;
      }
      atLeft = endLeft;
      atRight = endRight;
    }
    return Boolean.compare(atLeft < left.length(), atRight < right.length());
  }

  /** Compares digits as text, since they may be too long for any number type. */
  private static int compareDigits(String left, String right) {
    String leftDigits = withoutLeadingZeros(left);
    String rightDigits = withoutLeadingZeros(right);
    int byLength = Integer.compare(leftDigits.length(), rightDigits.length());
    return byLength != 0 ? byLength : leftDigits.compareTo(rightDigits);
  }

  private static String withoutLeadingZeros(String digits) {
    int start = 0;
    while (start < digits.length() && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }

  private static int endOfRun(String text, int start) {
    boolean number = isDigit(text.charAt(start));
    int end = start + 1;
    while (end < text.length() && isDigit(text.charAt(end)) == number) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
