package io.starfire.segment.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing little-endian buffer in which a block is put together. Not thread-safe. */
final class ByteSink {
  private byte[] bytes = new byte[4096];
  private ByteBuffer view = wrap(bytes);
  private int length;

  void clear() {
    Arrays.fill(bytes, 0, length, (byte) 0);
    length = 0;
  }

  int length() {
    return length;
  }

  byte[] array() {
    return bytes;
  }

  void putByte(int value) {
    int at = reserve(1);
    view.put(at, (byte) value);
  }

  void putInt(int value) {
    int at = reserve(4);
    view.putInt(at, value);
  }

  void putLong(long value) {
    int at = reserve(8);
    view.putLong(at, value);
  }

  void putBytes(byte[] source, int from, int count) {
    int at = reserve(count);
    System.arraycopy(source, from, bytes, at, count);
  }

  void putText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    putInt(utf8.length);
    putBytes(utf8, 0, utf8.length);
  }

  void setLong(int at, long value) {
    view.putLong(at, value);
  }

  /** Adds zero bytes up to a multiple of 8. */
  void align() {
    int padding = SegmentFormat.align(length) - length;
    if (padding > 0) {
      reserve(padding);
    }
  }

  /** Adds zero bytes; returns where they start. The caller may write to them. */
  int reserve(int count) {
    int at = length;
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
      view = wrap(bytes);
    }
    length = needed;
    return at;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
