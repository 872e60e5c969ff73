package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.Plan;
import io.starfire.plan.Stage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The bytes of a {@link LogRecord}: those of a block ({@link BlockWriter}), or of a turn. A turn is
 * the kind (4), partition (int32), watermark, the same without silence, known at, offset of an
 * earlier turn (int64 each), all big-endian. Stateless.
 */
final class LogCodec implements Serializer<LogRecord>, Deserializer<LogRecord> {
  private static final int MOST_INPUTS = 1 << 8;
  private static final int MOST_STAGES = Short.MAX_VALUE;

  private static final byte TURN = 4;
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
    return record instanceof LogRecord.Block block ? block.bytes() : turn((LogRecord.Turn) record);
  }

  /** The entries of a block are checked when they are read. */
  @Override
  public LogRecord deserialize(String topic, byte[] bytes) {
    if (bytes == null || bytes.length == 0) {
      throw corrupt(topic, "it is empty", null);
    }
    return switch (bytes[0]) {
      case BlockWriter.KIND -> new LogRecord.Block(-1, bytes);
      case TURN -> turn(topic, bytes);
      default -> throw corrupt(topic, "kind %d is unknown".formatted(bytes[0]), null);
    };
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

  private static LogRecord turn(String topic, byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
      return new LogRecord.Turn(
          in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    } catch (BufferUnderflowException e) {
      throw corrupt(topic, "it ends early", e);
    }
  }

  /** A block that cannot be read. */
  static StarfireException corruptBlock(String topic, RuntimeException cause) {
    return corrupt(topic, "it ends early or holds impossible values", cause);
  }

  private static StarfireException corrupt(String topic, String why, Exception cause) {
    return new StarfireException(
        ErrorCode.CORRUPT,
        "a record of topic '%s' was not written by this version of the stream driver: %s; nothing else may write to that topic. If an earlier version of Starfire has written it, begin the stream anew with --reset --from committed"
            .formatted(topic, why),
        cause);
  }
}
