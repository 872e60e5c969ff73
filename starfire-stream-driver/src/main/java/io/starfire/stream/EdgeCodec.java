package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The bytes of an {@link EdgeRecord}. Stateless. */
final class EdgeCodec implements Serializer<EdgeRecord>, Deserializer<EdgeRecord> {
  private static final byte EVENT = 1;
  private static final byte MARK = 3;
  private static final byte[] NO_NAME = {};

  @Override
  public byte[] serialize(String topic, EdgeRecord edge) {
    if (edge instanceof EdgeRecord.Event event) {
      return event(event);
    }
    return mark(((EdgeRecord.Marked) edge).mark());
  }

  @Override
  public EdgeRecord deserialize(String topic, byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte kind = in.get();
      if (kind == EVENT) {
        return event(in);
      }
      if (kind == MARK) {
        return mark(in);
      }
      throw corrupt(topic, "kind %d is unknown".formatted(kind), null);
    } catch (BufferUnderflowException | IllegalArgumentException | NullPointerException e) {
      throw corrupt(topic, "it ends early or holds impossible values", e);
    }
  }

  static byte[] mark(Mark mark) {
    byte[] stage = mark.stage().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 5 * Long.BYTES + 2 * Integer.BYTES + stage.length)
        .put(MARK)
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

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    // There is nothing to configure.
  }

  @Override
  public void close() {
    // There is nothing to release.
  }

  private static byte[] event(EdgeRecord.Event event) {
    EdgeRecord.Origin origin = event.origin();
    byte[] name = origin == null ? NO_NAME : origin.source().getBytes(StandardCharsets.UTF_8);
    int originBytes = origin == null ? 0 : name.length + Short.BYTES + Integer.BYTES + Long.BYTES;
    ByteBuffer out =
        ByteBuffer.allocate(1 + Long.BYTES + 1 + originBytes + event.value().length)
            .put(EVENT)
            .putLong(event.timeMillis())
            .put((byte) name.length);
    if (origin != null) {
      out.put(name)
          .putShort((short) origin.topicNumber())
          .putInt(origin.partition())
          .putLong(origin.offset());
    }
    return out.put(event.value()).array();
  }

  private static EdgeRecord event(ByteBuffer in) {
    long timeMillis = in.getLong();
    int nameLength = in.get();
    EdgeRecord.Origin origin = null;
    if (nameLength > 0) {
      String name = new String(take(in, nameLength), StandardCharsets.UTF_8);
      int topicNumber = Short.toUnsignedInt(in.getShort());
      origin = new EdgeRecord.Origin(name, topicNumber, in.getInt(), in.getLong());
    }
    return new EdgeRecord.Event(timeMillis, origin, take(in, in.remaining()));
  }

  private static EdgeRecord mark(ByteBuffer in) {
    long watermark = in.getLong();
    long withoutSilence = in.getLong();
    long knownAt = in.getLong();
    Idleness idleness = new Idleness(in.getLong(), in.getLong());
    int partition = in.getInt();
    int tasks = in.getInt();
    String stage = new String(take(in, in.remaining()), StandardCharsets.UTF_8);
    return new EdgeRecord.Marked(
        new Mark(stage, partition, tasks, watermark, withoutSilence, knownAt, idleness));
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static StarfireException corrupt(String topic, String why, Exception cause) {
    return new StarfireException(
        ErrorCode.CORRUPT,
        "a record of topic '%s' was not written by this version of the stream driver: %s; nothing else may write to that topic"
            .formatted(topic, why),
        cause);
  }
}
