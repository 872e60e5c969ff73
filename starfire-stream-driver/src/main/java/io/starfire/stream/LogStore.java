package io.starfire.stream;

import io.starfire.kernel.StageFold;
import io.starfire.kernel.StageState;
import io.starfire.plan.Stage;
import java.util.Map;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The state of one task of a stage: the fold of its partition of the stage's log. To Kafka Streams
 * it is a read-only store whose changelog is that log. Kafka Streams gives it the log again up to
 * the committed offset, read committed, when the task begins or stands by; then nothing is
 * connected to it, and what it puts out is thrown away. While the task runs, {@link LogProcessor}
 * folds what comes. Used by one thread at a time.
 */
final class LogStore implements StateStore {
  private final StreamContext stream;
  private final Stage stage;
  private final LogCodec codec = new LogCodec();
  private StageFold fold;
  private RocksBuffer buffer;
  private LogRecord.Turn turn = LogRecord.Turn.NONE;
  private long lastTurnOffset;
  private boolean open;

  private LogStore(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
  }

  static StoreBuilder<LogStore> builder(StreamContext stream, Stage stage) {
    return new Builder(stream, stage);
  }

  StageFold fold() {
    return fold;
  }

  /** The last turn that was folded. */
  LogRecord.Turn turn() {
    return turn;
  }

  /** The offset of the last turn that was folded, or of an earlier one; 0 if there was none. */
  long lastTurnOffset() {
    return lastTurnOffset;
  }

  /** Folds an event; false if it was late. */
  boolean event(byte[] key, LogRecord.Event event) {
    return fold.event(
        event.input(), event.hasKey() ? key : null, event.timeMillis(), event.value());
  }

  /** Folds a turn; {@code offset} is its own, or that of an earlier one. */
  void turn(long offset, LogRecord.Turn next) {
    lastTurnOffset = Math.max(lastTurnOffset, offset);
    if (next.watermark() >= turn.watermark()) {
      turn = next;
      fold.turn(offset, next.watermark());
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    fold = new StageFold(stream.plan(), stage, stream.grants(), stream.lookups(), state(context));
    turn = LogRecord.Turn.NONE;
    lastTurnOffset = 0;
    open = true;
    context.register(
        root,
        (BatchingStateRestoreCallback)
            records -> records.forEach(record -> replay(record.key, record.value)));
  }

  private StageState state(StateStoreContext context) {
    if (stream.settings().state() == StreamSettings.State.MEMORY) {
      return StageState.onHeap();
    }
    buffer = RocksBuffer.openEmpty(context.stateDir().toPath().resolve(name()));
    return StageState.in(buffer);
  }

  private void replay(byte[] key, byte[] value) {
    LogRecord record = codec.deserialize(name(), value);
    if (record instanceof LogRecord.Event event) {
      boolean ignored = event(key, event);
    } else if (record instanceof LogRecord.Turn next) {
      turn(next.previousOffset(), next);
    }
  }

  @Override
  public String name() {
    return StreamTopology.stateStore(stage);
  }

  @Override
  public void close() {
    open = false;
    fold = null;
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** There is nothing to choose: a fold needs no cache and no changelog. */
  private record Builder(StreamContext stream, Stage stage) implements StoreBuilder<LogStore> {
    @Override
    public LogStore build() {
      return new LogStore(stream, stage);
    }

    @Override
    public String name() {
      return StreamTopology.stateStore(stage);
    }

    @Override
    public StoreBuilder<LogStore> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<LogStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<LogStore> withLoggingEnabled(Map<String, String> config) {
      return this;
    }

    @Override
    public StoreBuilder<LogStore> withLoggingDisabled() {
      return this;
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
