package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What values mean, written without a look at the engine. */
final class OracleValues {
  private static final Pattern RUN = Pattern.compile("[0-9]+|[^0-9]+");

  private OracleValues() {}

  /** Nulls first; numbers by value, text by UTF-8 bytes. */
  static int compareNaturally(Object left, Object right) {
    Comparator<Object> present =
        (a, b) ->
            a instanceof String text
                ? compareBytes(text, (String) b)
                : a instanceof Long number
                    ? number.compareTo((Long) b)
                    : ((Double) a).compareTo((Double) b);
    return Comparator.nullsFirst(present).compare(left, right);
  }

  static int compareBytes(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  /** In one of Druid's orders of dimension values, over the text of the values; nulls first. */
  static int compareIn(String order, Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    boolean numeric = order.equals("numeric");
    if (numeric && left instanceof Double a && right instanceof Double b) {
      return a.compareTo(b);
    }
    String a = left.toString();
    String b = right.toString();
    int first =
        switch (order) {
          case "strlen" -> Integer.compare(a.length(), b.length());
          case "numeric" ->
              Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder())
                  .compare(number(a), number(b));
          case "alphanumeric" -> compareRuns(a, b);
          default -> 0;
        };
    return first != 0 ? first : compareBytes(a, b);
  }

  private static int compareRuns(String a, String b) {
    Matcher left = RUN.matcher(a);
    Matcher right = RUN.matcher(b);
    while (true) {
      boolean more = left.find();
      boolean otherMore = right.find();
      if (!more || !otherMore) {
        return Boolean.compare(more, otherMore);
      }
      boolean digits = isDigits(left.group());
      boolean otherDigits = isDigits(right.group());
      int order =
          digits != otherDigits
              ? Boolean.compare(otherDigits, digits)
              : digits
                  ? new BigInteger(left.group()).compareTo(new BigInteger(right.group()))
                  : compareBytes(left.group(), right.group());
      if (order != 0) {
        return order;
      }
    }
  }

  private static boolean isDigits(String run) {
    return run.charAt(0) >= '0' && run.charAt(0) <= '9';
  }

  /** Null if it is none. */
  static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static JsonNode json(Object value) {
    if (value == null) {
      return NullNode.instance;
    }
    if (value instanceof Long number) {
      return LongNode.valueOf(number);
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return DoubleNode.valueOf(number);
    }
    return TextNode.valueOf(value.toString());
  }
}
