package io.starfire.serving.query.aggregate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values of expressions as bytes, the highest byte of a number first.
 *
 * <pre>
 * value := 0 (null)  |  1 long  |  2 double  |  3 bytes (int)  UTF-8  |  4 elements (int)  value*
 * </pre>
 *
 * <p>Stateless.
 */
final class ExpressionValues {
  private static final byte NULL = 0;
  private static final byte LONG = 1;
  private static final byte DOUBLE = 2;
  private static final byte TEXT = 3;
  private static final byte ARRAY = 4;

  private ExpressionValues() {}

  /**
   * The number of bytes of a value.
   *
   * @param value null, Long, Double, String, or an array of those
   */
  static int size(@Nullable Object value) {
    if (value == null) {
      return 1;
    }
    if (value instanceof Number) {
      return 1 + Long.BYTES;
    }
    if (value instanceof String text) {
      return 1 + Integer.BYTES + utf8Length(text);
    }
    long size = 1 + Integer.BYTES;
    for (Object element : (Object[]) value) {
      size += size(element);
    }
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  private static int utf8Length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      // Each half of a pair is two of the four bytes.
      length += one < 0x80 ? 1 : one < 0x800 || Character.isSurrogate(one) ? 2 : 3;
    }
    return length;
  }

  static byte[] write(@Nullable Object value) {
    ByteBuffer out = ByteBuffer.allocate(size(value));
    write(out, value);
    return out.array();
  }

  private static void write(ByteBuffer out, @Nullable Object value) {
    if (value == null) {
      out.put(NULL);
    } else if (value instanceof Long number) {
      out.put(LONG).putLong(number);
    } else if (value instanceof Double number) {
      out.put(DOUBLE).putDouble(number);
    } else if (value instanceof String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.put(TEXT).putInt(utf8.length).put(utf8);
    } else {
      Object[] array = (Object[]) value;
      out.put(ARRAY).putInt(array.length);
      for (Object element : array) {
        write(out, element);
      }
    }
  }

  static @Nullable Object read(byte[] bytes, int from, int length) {
    return read(ByteBuffer.wrap(bytes, from, length));
  }

  private static @Nullable Object read(ByteBuffer in) {
    byte kind = in.get();
    return switch (kind) {
      case NULL -> null;
      case LONG -> in.getLong();
      case DOUBLE -> in.getDouble();
      case TEXT -> {
        byte[] utf8 = new byte[in.getInt()];
        in.get(utf8);
        yield new String(utf8, StandardCharsets.UTF_8);
      }
      case ARRAY -> {
        Object[] array = new Object[in.getInt()];
        for (int i = 0; i < array.length; i++) {
          array[i] = read(in);
        }
        yield array;
      }
      default -> throw new IllegalStateException("a value of kind " + kind);
    };
  }
}
