package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.stream.watermark.Mark;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Packs what a task sends to one partition of a log into one record. A record of its own for each
 * event would cost more than the event.
 *
 * <p>As bytes, fixed numbers big-endian: the kind (5), then of the raw partition from which the
 * events were read the number of the stage (int16, -1 for none), the number of the topic (unsigned
 * int16) and the partition (int32); the offset and the event time from which those of the events
 * are counted (int64 each); then entries to the end. An entry is a byte of flags, then
 *
 * <ul>
 *   <li>an event (flag 1 if it has a key, 2 if it has an origin): index of the input of the stage
 *       (1 byte); event time, counted from that of the block (signed varint); the offset, counted
 *       so too (signed varint), if it has an origin; length (varint) and bytes of the key, if it
 *       has one; length (varint) and canonical bytes of the event
 *   <li>a mark (flag 4): length (varint) of the rest; watermark, the same without silence, known
 *       at, idle as of, quiet since (int64 each), partition, tasks (int32 each), then the stage's
 *       name in UTF-8
 * </ul>
 *
 * Not thread-safe.
 */
final class BlockWriter {
  static final byte KIND = 5;
  static final int HEADER_BYTES = 1 + 2 * Short.BYTES + Integer.BYTES + 2 * Long.BYTES;
  static final int KEY = 1;
  static final int ORIGIN = 2;
  static final int MARK = 4;
  static final int NO_STAGE = -1;

  /** Larger ones save little, and are held for longer. */
  private static final int FULL_BYTES = 16 << 10;

  /** Flags, input, and four numbers of ten bytes at most. */
  private static final int MOST_ENTRY_BYTES = 2 + 4 * 10;

  private static final int FIRST_BYTES = 1 << 10;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;
  private LogRecord.Origin first;
  private long firstMillis;

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether the block has to be taken before an event is added. */
  boolean isFullFor(byte[] key, byte[] value, LogRecord.Origin origin) {
    if (size == 0) {
      return false;
    }
    return size + MOST_ENTRY_BYTES + (key == null ? 0 : key.length) + value.length > FULL_BYTES
        || (origin != null && first != null && !origin.isOfSamePartition(first));
  }

  /**
   * Adds an event.
   *
   * @param input index among the inputs of the stage
   * @param key canonical bytes of its key; null if it has none
   * @param origin the raw record that it was read from; null below the first stateful operator
   * @param value its canonical bytes
   */
  void event(int input, byte[] key, long timeMillis, LogRecord.Origin origin, byte[] value) {
    ensure(HEADER_BYTES + MOST_ENTRY_BYTES + (key == null ? 0 : key.length) + value.length);
    begin(timeMillis);
    if (first == null && origin != null) {
      first = origin;
    }
    bytes[size++] = (byte) ((key == null ? 0 : KEY) | (origin == null ? 0 : ORIGIN));
    bytes[size++] = (byte) input;
    signed(timeMillis - firstMillis);
    if (origin != null) {
      signed(origin.offset() - first.offset());
    }
    if (key != null) {
      raw(key);
    }
    raw(value);
  }

  void mark(Mark mark) {
    byte[] stage = mark.stage().getBytes(UTF_8);
    byte[] body = markBytes(mark, stage);
    ensure(HEADER_BYTES + MOST_ENTRY_BYTES + body.length);
    begin(0);
    bytes[size++] = MARK;
    raw(body);
  }

  /** A mark as it stands in a block. */
  static byte[] markBytes(Mark mark) {
    return markBytes(mark, mark.stage().getBytes(UTF_8));
  }

  private static byte[] markBytes(Mark mark, byte[] stage) {
    return ByteBuffer.allocate(5 * Long.BYTES + 2 * Integer.BYTES + stage.length)
        .putLong(mark.watermark())
        .putLong(mark.withoutSilence())
        .putLong(mark.knownAtMillis())
        .putLong(mark.idleness().asOfMillis())
        .putLong(mark.idleness().quietSinceMillis())
        .putInt(mark.partition())
        .putInt(mark.tasks())
        .put(stage)
        .array();
  }

  /** The block so far; the next one begins. */
  byte[] take() {
    ByteBuffer.wrap(bytes)
        .put(KIND)
        .putShort((short) (first == null ? NO_STAGE : first.stage()))
        .putShort((short) (first == null ? 0 : first.topicNumber()))
        .putInt(first == null ? 0 : first.partition())
        .putLong(first == null ? 0 : first.offset())
        .putLong(firstMillis);
    byte[] block = Arrays.copyOf(bytes, size);
    size = 0;
    first = null;
    if (bytes.length > FULL_BYTES) {
      bytes = new byte[FULL_BYTES];
    }
    return block;
  }

  private void begin(long timeMillis) {
    if (size == 0) {
      size = HEADER_BYTES;
      firstMillis = timeMillis;
    }
  }

  private void raw(byte[] content) {
    unsigned(content.length);
    System.arraycopy(content, 0, bytes, size, content.length);
    size += content.length;
  }

  private void signed(long value) {
    unsigned((value << 1) ^ (value >> 63));
  }

  private void unsigned(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(FULL_BYTES, 2 * bytes.length)));
    }
  }
}
