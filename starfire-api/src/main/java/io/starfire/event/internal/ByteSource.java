package io.starfire.event.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.decoding.DecodingFailure;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads Avro's binary primitives from a part of an array. Every length is checked against the bytes
 * that remain before anything is allocated for it. Not thread-safe.
 */
public final class ByteSource {
  private final byte[] bytes;
  private final int start;
  private final int end;
  private int position;

  public ByteSource(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.start = offset;
    this.end = offset + length;
    this.position = offset;
  }

  public int remaining() {
    return end - position;
  }

  public int readByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  public boolean readBoolean() {
    int value = readByte();
    if (value > 1) {
      throw new DecodingFailure("a boolean is 0 or 1, got " + value + at(1));
    }
    return value == 1;
  }

  public int readInt() {
    long value = readLong();
    if (value != (int) value) {
      throw new DecodingFailure("the int is out of range: " + value + at(0));
    }
    return (int) value;
  }

  public long readLong() {
    long bits = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = readByte();
      if (shift == 63 && next > 1) {
        break;
      }
      bits |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new DecodingFailure("a variable-length number is longer than 64 bits" + at(1));
  }

  public float readFloat() {
    return Float.intBitsToFloat((int) readLittleEndian(Float.BYTES));
  }

  public double readDouble() {
    return Double.longBitsToDouble(readLittleEndian(Double.BYTES));
  }

  public long readFixedLong() {
    return readLittleEndian(Long.BYTES);
  }

  public String readString() {
    int from = skipString();
    return new String(bytes, from, position - from, UTF_8);
  }

  /**
   * Moves behind a string, which ends at {@link #position}.
   *
   * @return where its bytes begin
   */
  public int skipString() {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new DecodingFailure(
          "a string of %d bytes does not fit into the %d that remain%s"
              .formatted(length, remaining(), at(0)));
    }
    int from = position;
    position += (int) length;
    return from;
  }

  /** The place of the next byte in the array. */
  public int position() {
    return position;
  }

  /** The length, then the bytes. */
  public byte[] readBytes() {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new DecodingFailure(
          "%d bytes do not fit into the %d that remain%s".formatted(length, remaining(), at(0)));
    }
    byte[] value = Arrays.copyOfRange(bytes, position, position + (int) length);
    position += (int) length;
    return value;
  }

  /** The branch of a union that has {@code branches}. */
  public int readBranch(int branches) {
    long branch = readLong();
    if (branch < 0 || branch >= branches) {
      throw new DecodingFailure(
          "branch %d of a union that has %d%s".formatted(branch, branches, at(0)));
    }
    return (int) branch;
  }

  /**
   * The number of items in the next block of an array or a map, 0 at its end. Items take at least a
   * byte each, so that a count beyond the bytes that remain is refused.
   */
  public int readBlockCount() {
    long count = readLong();
    if (count < 0) {
      readLong(); // The block's size in bytes, which only a reader that skips it needs.
      count = -count;
    }
    if (count < 0 || count > remaining()) {
      throw new DecodingFailure(
          "a block of %d items does not fit into the %d bytes that remain%s"
              .formatted(count, remaining(), at(0)));
    }
    return (int) count;
  }

  public void requireEnd() {
    if (position != end) {
      throw new DecodingFailure("%d bytes are left over%s".formatted(remaining(), at(0)));
    }
  }

  private long readLittleEndian(int count) {
    require(count);
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= (bytes[position++] & 0xFFL) << (8 * i);
    }
    return bits;
  }

  private void require(int count) {
    if (remaining() < count) {
      throw new DecodingFailure(
          "%d more bytes are needed and %d remain%s".formatted(count, remaining(), at(0)));
    }
  }

  private String at(int back) {
    return ", at byte " + (position - back - start);
  }
}
