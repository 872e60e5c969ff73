package io.starfire.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How far a raw partition was read, as it is stored with the state. Immutable.
 *
 * @param watermark of the partition, milliseconds
 * @param knownAtMillis clock time at which it was reached
 * @param lastOffset of the last record that was processed, -1 if none was
 * @param position up to where the partition was read, exclusive: beyond {@code lastOffset} there
 *     can be offsets without records, such as the ends of transactions
 * @param quietSinceMillis clock time at which that was, or at which the partition was first looked
 *     at
 * @param topicId of the topic that {@code lastOffset} is of
 */
record ReadProgress(
    long watermark,
    long knownAtMillis,
    long lastOffset,
    long position,
    long quietSinceMillis,
    String topicId) {
  byte[] encode() {
    byte[] id = topicId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 * Long.BYTES + id.length)
        .putLong(watermark)
        .putLong(knownAtMillis)
        .putLong(lastOffset)
        .putLong(position)
        .putLong(quietSinceMillis)
        .put(id)
        .array();
  }

  static ReadProgress decode(byte[] stored) {
    ByteBuffer in = ByteBuffer.wrap(stored);
    long watermark = in.getLong();
    long knownAtMillis = in.getLong();
    long lastOffset = in.getLong();
    long position = in.getLong();
    long quietSinceMillis = in.getLong();
    byte[] id = new byte[in.remaining()];
    in.get(id);
    return new ReadProgress(
        watermark,
        knownAtMillis,
        lastOffset,
        position,
        quietSinceMillis,
        new String(id, StandardCharsets.UTF_8));
  }
}
