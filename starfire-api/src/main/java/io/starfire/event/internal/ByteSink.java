package io.starfire.event.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import java.util.Arrays;

/** A growing buffer that writes Avro's binary primitives. Not thread-safe. */
public final class ByteSink {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] buffer;
  private int size;

  public ByteSink(int initialBytes) {
    buffer = new byte[initialBytes];
  }

  public int size() {
    return size;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  public void writeByte(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  public void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** An Avro int or long: zig-zag, seven bits a byte, lowest first. */
  public void writeLong(long value) {
    ensure(MAX_VARINT_BYTES);
    long bits = (value << 1) ^ (value >> 63);
    while ((bits & ~0x7FL) != 0) {
      buffer[size++] = (byte) (bits | 0x80);
      bits >>>= 7;
    }
    buffer[size++] = (byte) bits;
  }

  /** Canonical: one NaN, and {@code -0.0} as {@code 0.0}. */
  public void writeFloat(float value) {
    writeLittleEndian(Float.floatToIntBits(value + 0.0f), Float.BYTES);
  }

  /** Canonical: one NaN, and {@code -0.0} as {@code 0.0}. */
  public void writeDouble(double value) {
    writeLittleEndian(Double.doubleToLongBits(value + 0.0), Double.BYTES);
  }

  public void writeFixedLong(long value) {
    writeLittleEndian(value, Long.BYTES);
  }

  /** UTF-8; half of a surrogate pair, which that cannot express, is written as U+FFFD. */
  public void writeString(String value) {
    writeBytes(Utf8Order.wellFormed(value).getBytes(UTF_8));
  }

  /** The length, then the bytes. */
  public void writeBytes(byte[] bytes) {
    writeLong(bytes.length);
    writeRaw(bytes);
  }

  public void writeRaw(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void writeLittleEndian(long bits, int bytes) {
    ensure(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer[size++] = (byte) (bits >>> (8 * i));
    }
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      long needed = (long) size + more;
      if (needed > MAX_BYTES) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "a value of more than %,d bytes cannot be encoded; make it smaller".formatted(size));
      }
      buffer =
          Arrays.copyOf(buffer, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * buffer.length)));
    }
  }
}
