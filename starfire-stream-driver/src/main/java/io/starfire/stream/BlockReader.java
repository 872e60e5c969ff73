package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.StarfireException;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the entries of a block one after the other. {@link BlockWriter} says how it looks. Not
 * thread-safe.
 */
final class BlockReader {
  private final String topic;
  private final byte[] bytes;
  private final int stage;
  private final int topicNumber;
  private final int partition;
  private final long firstOffset;
  private final long firstMillis;
  private int position;
  private int flags;
  private int input;
  private long timeMillis;
  private long offset;
  private byte[] key;
  private byte[] value;

  /**
   * @param topic for the message
   * @throws StarfireException with CORRUPT if it is no block, as the other methods do
   */
  BlockReader(String topic, LogRecord.Block block) {
    this.topic = topic;
    this.bytes = block.bytes();
    if (bytes.length < BlockWriter.HEADER_BYTES) {
      throw LogCodec.corruptBlock(topic, null);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    this.stage = in.getShort();
    this.topicNumber = Short.toUnsignedInt(in.getShort());
    this.partition = in.getInt();
    this.firstOffset = in.getLong();
    this.firstMillis = in.getLong();
    this.position = BlockWriter.HEADER_BYTES;
  }

  /** Goes on to the next entry; false at the end. */
  boolean next() {
    if (position == bytes.length) {
      return false;
    }
    try {
      read();
    } catch (IndexOutOfBoundsException e) {
      throw LogCodec.corruptBlock(topic, e);
    }
    return true;
  }

  private void read() {
    flags = bytes[position++];
    if (isMark()) {
      value = raw();
      return;
    }
    if ((flags & ~(BlockWriter.KEY | BlockWriter.ORIGIN)) != 0) {
      throw new IndexOutOfBoundsException("flags %d".formatted(flags));
    }
    input = Byte.toUnsignedInt(bytes[position++]);
    timeMillis = firstMillis + signed();
    offset = hasOrigin() ? firstOffset + signed() : 0;
    key = (flags & BlockWriter.KEY) != 0 ? raw() : null;
    value = raw();
  }

  boolean isMark() {
    return flags == BlockWriter.MARK;
  }

  /** Index of the event among the inputs of the stage. */
  int input() {
    return input;
  }

  /** Canonical bytes of the event's key; null if it has none. */
  byte[] key() {
    return key;
  }

  long timeMillis() {
    return timeMillis;
  }

  /** Canonical bytes of the event. */
  byte[] value() {
    return value;
  }

  /** The raw record that the event was read from; null below the first stateful operator. */
  LogRecord.Origin origin() {
    return hasOrigin() ? new LogRecord.Origin(stage, topicNumber, partition, offset) : null;
  }

  Mark mark() {
    try {
      return mark(value);
    } catch (BufferUnderflowException e) {
      throw LogCodec.corruptBlock(topic, e);
    }
  }

  /** Reads what {@link BlockWriter#markBytes} has written. */
  static Mark mark(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long watermark = in.getLong();
    long withoutSilence = in.getLong();
    long knownAt = in.getLong();
    Idleness idleness = new Idleness(in.getLong(), in.getLong());
    int partition = in.getInt();
    int tasks = in.getInt();
    String stage = new String(bytes, in.position(), in.remaining(), UTF_8);
    return new Mark(stage, partition, tasks, watermark, withoutSilence, knownAt, idleness);
  }

  private boolean hasOrigin() {
    return (flags & BlockWriter.ORIGIN) != 0;
  }

  private byte[] raw() {
    long length = unsigned();
    if (length < 0 || length > bytes.length - position) {
      throw new IndexOutOfBoundsException("a length of %d bytes".formatted(length));
    }
    byte[] content = Arrays.copyOfRange(bytes, position, position + (int) length);
    position += (int) length;
    return content;
  }

  private long signed() {
    long bits = unsigned();
    return (bits >>> 1) ^ -(bits & 1);
  }

  private long unsigned() {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = bytes[position++];
      bits |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return bits;
      }
    }
    throw new IndexOutOfBoundsException("a number of more than 64 bits");
  }
}
