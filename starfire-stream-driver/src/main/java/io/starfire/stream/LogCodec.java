package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.Plan;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The bytes of a {@link LogRecord}. Stateless. */
final class LogCodec implements Serializer<LogRecord>, Deserializer<LogRecord> {
  private static final int MOST_INPUTS = 1 << 8;
  private static final int MOST_STAGES = Short.MAX_VALUE;

  private static final byte KEYED_EVENT = 1;
  private static final byte UNKEYED_EVENT = 2;
  private static final byte MARK = 3;
  private static final byte TURN = 4;
  private static final int NO_ORIGIN = -1;
  private static final int EVENT_HEADER_BYTES =
      2 + Long.BYTES + 2 * Short.BYTES + Integer.BYTES + Long.BYTES;
  private static final byte[] NO_KEY = {0};

  /** The key of a record that has none of its own. */
  static byte[] noKey() {
    return NO_KEY.clone();
  }

  /** Refuses a plan whose stages or inputs have numbers that a record has no room for. */
  static void check(Plan plan) {
    if (plan.stages().size() > MOST_STAGES) {
      throw tooMany("the plan has %d stages", plan.stages().size(), MOST_STAGES);
    }
    for (Stage stage : plan.stages()) {
      if (stage.inputs().size() > MOST_INPUTS) {
        throw tooMany(
            "stage '" + stage.name() + "' has %d inputs", stage.inputs().size(), MOST_INPUTS);
      }
    }
  }

  private static StarfireException tooMany(String what, int count, int most) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "%s, and a stream can have %d at most; make several pipelines of it"
            .formatted(what.formatted(count), most));
  }

  @Override
  public byte[] serialize(String topic, LogRecord record) {
    if (record instanceof LogRecord.Event event) {
      return event(event);
    }
    return record instanceof LogRecord.Marked marked
        ? mark(marked.mark())
        : turn((LogRecord.Turn) record);
  }

  @Override
  public LogRecord deserialize(String topic, byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte kind = in.get();
      return switch (kind) {
        case KEYED_EVENT, UNKEYED_EVENT -> event(in, kind == KEYED_EVENT);
        case MARK -> mark(in);
        case TURN -> turn(in);
        default -> throw corrupt(topic, "kind %d is unknown".formatted(kind), null);
      };
    } catch (BufferUnderflowException | IllegalArgumentException | NullPointerException e) {
      throw corrupt(topic, "it ends early or holds impossible values", e);
    }
  }

  /** Both interfaces have one. */
  @Override
  public void close() {
    // There is nothing to release.
  }

  /** Both interfaces have one. */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    // There is nothing to configure.
  }

  private static byte[] event(LogRecord.Event event) {
    LogRecord.Origin origin = event.origin();
    return ByteBuffer.allocate(EVENT_HEADER_BYTES + event.value().length)
        .put(event.hasKey() ? KEYED_EVENT : UNKEYED_EVENT)
        .put((byte) event.input())
        .putLong(event.timeMillis())
        .putShort((short) (origin == null ? NO_ORIGIN : origin.stage()))
        .putShort((short) (origin == null ? 0 : origin.topicNumber()))
        .putInt(origin == null ? 0 : origin.partition())
        .putLong(origin == null ? 0 : origin.offset())
        .put(event.value())
        .array();
  }

  private static LogRecord event(ByteBuffer in, boolean hasKey) {
    int input = Byte.toUnsignedInt(in.get());
    long timeMillis = in.getLong();
    int stage = in.getShort();
    int topicNumber = Short.toUnsignedInt(in.getShort());
    int partition = in.getInt();
    long offset = in.getLong();
    return new LogRecord.Event(
        input,
        hasKey,
        timeMillis,
        stage == NO_ORIGIN ? null : new LogRecord.Origin(stage, topicNumber, partition, offset),
        rest(in));
  }

  private static byte[] mark(Mark mark) {
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

  private static LogRecord mark(ByteBuffer in) {
    long watermark = in.getLong();
    long withoutSilence = in.getLong();
    long knownAt = in.getLong();
    Idleness idleness = new Idleness(in.getLong(), in.getLong());
    int partition = in.getInt();
    int tasks = in.getInt();
    String stage = new String(rest(in), StandardCharsets.UTF_8);
    return new LogRecord.Marked(
        new Mark(stage, partition, tasks, watermark, withoutSilence, knownAt, idleness));
  }

  private static byte[] turn(LogRecord.Turn turn) {
    return ByteBuffer.allocate(1 + Integer.BYTES + 4 * Long.BYTES)
        .put(TURN)
        .putInt(turn.partition())
        .putLong(turn.watermark())
        .putLong(turn.withoutSilence())
        .putLong(turn.knownAtMillis())
        .putLong(turn.previousOffset())
        .array();
  }

  private static LogRecord turn(ByteBuffer in) {
    return new LogRecord.Turn(in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
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
