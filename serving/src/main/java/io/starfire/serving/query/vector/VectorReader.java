package io.starfire.serving.query.vector;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads what a {@link VectorWriter} collected. No number in the bytes makes it allocate more than
 * there are bytes. Not thread-safe.
 */
public final class VectorReader {
  private final ByteBuffer buffer;

  public VectorReader(byte[] bytes, int from, int length) {
    this.buffer = ByteBuffer.wrap(bytes, from, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  public int remaining() {
    return buffer.remaining();
  }

  /**
   * The number of values that follow: all that are expected, or none.
   *
   * @param bytesEach the least that each of them takes
   */
  int count(int expected, int bytesEach) {
    int count = getInt();
    if ((count != expected && count != 0) || (long) count * bytesEach > remaining()) {
      throw damaged("%d values where %d were expected".formatted(count, expected));
    }
    return count;
  }

  boolean flag() {
    byte value = getByte();
    if (value != 0 && value != 1) {
      throw damaged("%d where 0 or 1 was expected".formatted(value));
    }
    return value == 1;
  }

  public byte getByte() {
    need(1);
    return buffer.get();
  }

  public int getInt() {
    need(Integer.BYTES);
    return buffer.getInt();
  }

  public long getLong() {
    need(Long.BYTES);
    return buffer.getLong();
  }

  public byte[] bytes(int count) {
    need(count);
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return bytes;
  }

  public int[] ints(int count) {
    need((long) count * Integer.BYTES);
    int[] values = new int[count];
    buffer.asIntBuffer().get(values);
    buffer.position(buffer.position() + Integer.BYTES * count);
    return values;
  }

  public long[] longs(int count) {
    need((long) count * Long.BYTES);
    long[] values = new long[count];
    buffer.asLongBuffer().get(values);
    buffer.position(buffer.position() + Long.BYTES * count);
    return values;
  }

  double[] doubles(int count) {
    need((long) count * Double.BYTES);
    double[] values = new double[count];
    buffer.asDoubleBuffer().get(values);
    buffer.position(buffer.position() + Double.BYTES * count);
    return values;
  }

  private void need(long bytes) {
    if (bytes < 0 || bytes > buffer.remaining()) {
      throw damaged("%d bytes where %d were expected".formatted(buffer.remaining(), bytes));
    }
  }

  /** The error for bytes that nothing wrote. */
  public static StarfireException damaged(String what) {
    return new StarfireException(
        ErrorCode.CORRUPT, "a partial result is damaged: it has " + what + "; run the query again");
  }
}
