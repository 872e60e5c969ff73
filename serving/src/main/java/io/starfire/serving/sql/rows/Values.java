package io.starfire.serving.sql.rows;

import io.starfire.common.Utf8Order;
import io.starfire.serving.query.model.SketchValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with the values of rows. Stateless. */
public final class Values {
  private Values() {}

  /** Memory that a row takes: a rough guess. */
  static long bytes(@Nullable Object[] row) {
    long bytes = 40 + 4L * row.length;
    for (Object value : row) {
      if (value instanceof String text) {
        bytes += 56 + text.length();
      } else if (value instanceof List<?> list) {
        bytes += 64 + 48L * list.size();
      } else if (value instanceof byte[] sketch) {
        bytes += 16 + sketch.length;
      } else if (value != null) {
        bytes += 16;
      }
    }
    return bytes;
  }

  /** The order of two values of one type that are not null: texts by code points. */
  static int compare(Object left, Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return Long.compare(one, other);
    }
    if (left instanceof Number one && right instanceof Number other) {
      // -0.0 and 0.0 are one value.
      return Double.compare(one.doubleValue() + 0.0, other.doubleValue() + 0.0);
    }
    if (left instanceof List<?> one && right instanceof List<?> other) {
      for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
        int order = compareNullable(one.get(i), other.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(one.size(), other.size());
    }
    return Utf8Order.compare(left.toString(), right.toString());
  }

  /** The same, nulls first. */
  static int compareNullable(@Nullable Object left, @Nullable Object right) {
    return left == null || right == null
        ? Boolean.compare(left != null, right != null)
        : compare(left, right);
  }

  /** Values that are equal in SQL as objects that are equal. */
  static @Nullable Object key(@Nullable Object value) {
    if (value instanceof Double number) {
      double plain = number + 0.0;
      return plain == Math.rint(plain) && Math.abs(plain) < 1e15
          ? (Object) (long) plain
          : (Object) plain;
    }
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
  }

  /** Several values as one object. */
  static List<@Nullable Object> keys(@Nullable Object[] row, int[] columns) {
    List<@Nullable Object> keys = new ArrayList<>(columns.length);
    for (int column : columns) {
      keys.add(key(row[column]));
    }
    return keys;
  }

  /** What a native query gives, as a value of a row. */
  public static @Nullable Object ofNative(@Nullable Object value) {
    if (value instanceof SketchValue sketch) {
      return sketch.bytes();
    }
    if (value instanceof double[] numbers) {
      List<Object> list = new ArrayList<>();
      for (double number : numbers) {
        list.add(number);
      }
      return list;
    }
    if (value instanceof Object[] array) {
      return Arrays.asList(array);
    }
    return value;
  }

  /** A value as one of a native type. */
  public static @Nullable Object as(@Nullable Object value, String nativeType) {
    if (value == null || nativeType.startsWith("COMPLEX")) {
      return value;
    }
    if (nativeType.startsWith("ARRAY<")) {
      List<?> list = value instanceof List<?> several ? several : Arrays.asList(value);
      String element = nativeType.substring(6, nativeType.length() - 1);
      List<@Nullable Object> converted = new ArrayList<>(list.size());
      for (Object one : list) {
        converted.add(as(one, element));
      }
      return converted;
    }
    return switch (nativeType) {
      case "LONG" -> value instanceof Number number ? (Object) number.longValue() : whole(value);
      case "DOUBLE" ->
          value instanceof Number number ? (Object) number.doubleValue() : decimal(value);
      default -> value;
    };
  }

  private static @Nullable Object whole(Object value) {
    try {
      return value instanceof String text ? (Object) Long.parseLong(text) : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Object decimal(Object value) {
    try {
      return value instanceof String text ? (Object) Double.parseDouble(text) : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
