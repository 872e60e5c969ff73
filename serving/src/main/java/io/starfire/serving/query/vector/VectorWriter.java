package io.starfire.serving.query.vector;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Collects bytes; numbers have the lowest byte first. Not thread-safe. */
public final class VectorWriter {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

  public int size() {
    return buffer.position();
  }

  /** What was written; a copy. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  public void putByte(int value) {
    reserve(1);
    buffer.put((byte) value);
  }

  public void putInt(int value) {
    reserve(Integer.BYTES);
    buffer.putInt(value);
  }

  public void putLong(long value) {
    reserve(Long.BYTES);
    buffer.putLong(value);
  }

  public void putBytes(byte[] source, int from, int length) {
    reserve(length);
    buffer.put(source, from, length);
  }

  public void putInts(int[] values, int count) {
    reserve((long) Integer.BYTES * count);
    buffer.asIntBuffer().put(values, 0, count);
    buffer.position(buffer.position() + Integer.BYTES * count);
  }

  public void putLongs(long[] values, int count) {
    reserve((long) Long.BYTES * count);
    buffer.asLongBuffer().put(values, 0, count);
    buffer.position(buffer.position() + Long.BYTES * count);
  }

  public void putDoubles(double[] values, int count) {
    reserve((long) Double.BYTES * count);
    buffer.asDoubleBuffer().put(values, 0, count);
    buffer.position(buffer.position() + Double.BYTES * count);
  }

  private void reserve(long bytes) {
    long needed = buffer.position() + bytes;
    if (needed <= buffer.capacity()) {
      return;
    }
    if (needed > MAX_BYTES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "a partial result takes more than %,d bytes; use fewer dimensions, a coarser granularity, a filter or a shorter interval"
              .formatted(MAX_BYTES));
    }
    int capacity = (int) Math.min(MAX_BYTES, Math.max(needed, 2L * buffer.capacity()));
    byte[] longer = Arrays.copyOf(buffer.array(), capacity);
    buffer = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).position(buffer.position());
  }
}
