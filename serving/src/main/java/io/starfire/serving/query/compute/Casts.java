package io.starfire.serving.query.compute;

import io.starfire.segment.json.JsonPath;
import io.starfire.segment.json.JsonReads;
import io.starfire.segment.json.JsonTexts;
import io.starfire.serving.query.model.Numbers;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Turns values of one type into those of another. What cannot be turned is null. Stateless. */
final class Casts {
  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private Casts() {}

  static Node to(ValueType type, Node node) {
    if (node.type == type) {
      return node;
    }
    if (node.type == ValueType.JSON) {
      return to(
          type, Computed.objects(ValueType.STRING, node.capacity, i -> ofJson(node.text(i)), node));
    }
    if (type == ValueType.JSON) {
      return Computed.objects(type, node.capacity, i -> toJson(node.value(i)), node);
    }
    if (type == ValueType.LONG && node.type == ValueType.DOUBLE) {
      return Computed.longs(node.capacity, i -> (long) node.doubles[i], node);
    }
    if (type == ValueType.DOUBLE && node.type == ValueType.LONG) {
      return Computed.doubles(node.capacity, i -> node.longs[i], node);
    }
    return Computed.objects(type, node.capacity, i -> value(type, node.value(i)), node);
  }

  /** A scalar as it is, anything else as its JSON text. */
  private static @Nullable String ofJson(String json) {
    JsonReads.Found found = JsonReads.find(json, JsonPath.ROOT);
    return found == null || found.kind() == JsonReads.Kind.NULL ? null : found.text();
  }

  /** The JSON text of a value that is no JSON yet. */
  static String toJson(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    if (value instanceof String text) {
      JsonTexts.quote(out, text);
    } else if (value instanceof Double number) {
      JsonTexts.writeDouble(out, number);
    } else if (value instanceof Object[] array) {
      for (Object element : array) {
        out.append(out.isEmpty() ? "[" : ",").append(toJson(element));
      }
      out.append(out.isEmpty() ? "[]" : "]");
    } else {
      out.append(value);
    }
    return out.toString();
  }

  /**
   * A value of any type as one of another: null, Long, Double, String or Object[]. What is to be
   * JSON is JSON already.
   */
  static @Nullable Object value(ValueType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case NOTHING -> null;
      case LONG -> toLong(scalar(value));
      case DOUBLE -> toDouble(scalar(value));
      case STRING -> value instanceof Object[] array ? list(array) : value.toString();
      case JSON -> value;
      case LONG_ARRAY, DOUBLE_ARRAY, STRING_ARRAY -> {
        Object[] from = value instanceof Object[] array ? array : new Object[] {value};
        Object[] to = new Object[from.length];
        for (int i = 0; i < to.length; i++) {
          to[i] = value(type.element(), from[i]);
        }
        yield to;
      }
    };
  }

  /** Whether a value counts as true. */
  static boolean isTrue(Node node, int row) {
    return switch (node.type) {
      case LONG -> node.longs[row] > 0;
      case DOUBLE -> node.doubles[row] > 0;
      case STRING -> "true".equalsIgnoreCase(node.text(row));
      default -> false;
    };
  }

  /** An array of one element is that element; what has more is no single value. */
  private static @Nullable Object scalar(Object value) {
    return value instanceof Object[] array ? (array.length == 1 ? array[0] : null) : value;
  }

  private static String list(@Nullable Object[] array) {
    StringBuilder text = new StringBuilder("[");
    for (Object element : array) {
      text.append(text.length() == 1 ? "" : ", ").append(element);
    }
    return text.append(']').toString();
  }

  private static @Nullable Long toLong(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    BigDecimal number = value == null ? null : Numbers.decimal((String) value);
    if (number == null) {
      return null;
    }
    boolean fits = number.compareTo(MIN_LONG) >= 0 && number.compareTo(MAX_LONG) <= 0;
    return fits ? (Long) number.longValue() : null;
  }

  private static @Nullable Double toDouble(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if ("NaN".equals(value) || "Infinity".equals(value) || "-Infinity".equals(value)) {
      return Double.parseDouble((String) value);
    }
    BigDecimal number = value == null ? null : Numbers.decimal((String) value);
    return number == null ? null : (Double) number.doubleValue();
  }
}
