package io.starfire.stream;

import io.starfire.common.StarfireException;
import io.starfire.kernel.StageFold;
import io.starfire.kernel.StageState;
import io.starfire.plan.Stage;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.StoreBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one task of a stage: the fold of its partition of the stage's log. To Kafka Streams
 * it is a read-only store whose changelog is that log. Kafka Streams gives it the log again up to
 * the committed offset, read committed, when the task begins or stands by; then nothing is
 * connected to it, and what it puts out is thrown away. While the task runs, {@link LogProcessor}
 * folds what comes. State in RocksDB does not begin at the start of the log, if it has a
 * checkpoint. Used by one thread at a time.
 */
final class LogStore implements StateStore {
  private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);

  /** As many are folded again in a few seconds. */
  private static final int EVENTS_PER_CHECKPOINT = 250_000;

  private static final long UNKNOWN = -1;

  /** What Kafka Streams takes for: nothing is known, begin at the start of the log. */
  private static final long FROM_THE_START = -4;

  private final StreamContext stream;
  private final Stage stage;
  private final LogCodec codec = new LogCodec();
  private StageFold fold;
  private RocksCheckpoints checkpoints;
  private RocksBuffer buffer;
  private StageState state;
  private TaskId task;

  /** The log is folded below this; {@link #UNKNOWN} while that is not known. */
  private long position;

  /** Whether all that Kafka Streams has read again is folded, and nothing else since. */
  private boolean isRead;

  /** The position of the checkpoint that the state began with; 0 if there was none. */
  private long begun;

  private int sinceCheckpoint;
  private LogRecord.Turn turn = LogRecord.Turn.NONE;
  private long lastTurnOffset;
  private boolean open;

  private LogStore(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
  }

  static StoreBuilder<LogStore> builder(StreamContext stream, Stage stage) {
    // The log itself is what it is made from again.
    return new FixedStore<>(
        StreamTopology.stateStore(stage), () -> new LogStore(stream, stage), false);
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

  /** Folds the event at which a block's reader stands; false if it was late. */
  boolean event(BlockReader event) {
    changes();
    sinceCheckpoint++;
    try {
      return fold.event(event.input(), event.key(), event.timeMillis(), event.value());
    } catch (RocksBuffer.DamagedException e) {
      throw beginAgain(e);
    }
  }

  /** Folds a turn; {@code offset} is its own, or that of an earlier one. */
  void turn(long offset, LogRecord.Turn next) {
    changes();
    lastTurnOffset = Math.max(lastTurnOffset, offset);
    if (next.watermark() >= turn.watermark()) {
      turn = next;
      try {
        fold.turn(offset, next.watermark());
      } catch (RocksBuffer.DamagedException e) {
        throw beginAgain(e);
      }
    }
  }

  /** Until all of a record is folded, the state is of no position. */
  private void changes() {
    position = UNKNOWN;
    isRead = false;
  }

  /** What is damaged in the state is in its checkpoints, too: all of the log is read again. */
  private TaskCorruptedException beginAgain(RocksBuffer.DamagedException damaged) {
    LOG.warn("{}; it is made from its log again", damaged.getMessage(), damaged);
    checkpoints.deleteAll();
    return new TaskCorruptedException(Set.of(task));
  }

  /** From where on the log was folded; below that the state comes from a checkpoint. */
  long begun() {
    return begun;
  }

  /** All of the record at this offset has been folded, and all before it. */
  void folded(long offset) {
    position = offset + 1;
    if (sinceCheckpoint >= EVENTS_PER_CHECKPOINT) {
      checkpoint();
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    task = context.taskId();
    turn = LogRecord.Turn.NONE;
    lastTurnOffset = 0;
    position = UNKNOWN;
    isRead = false;
    begun = 0;
    sinceCheckpoint = 0;
    if (persistent()) {
      begin();
    } else {
      fold = fold(StageState.onHeap());
    }
    open = true;
    context.register(
        root,
        (BatchingStateRestoreCallback)
            records -> {
              records.forEach(record -> replay(record.value));
              isRead = true;
            });
  }

  private StageFold fold(StageState state) {
    return new StageFold(
        stream.plan(), stage, stream.grants(), stream.lookups(), stream.clip(), state);
  }

  private void begin() {
    TopicPartition log = new TopicPartition(stream.topics().log(stage.name()), task.partition());
    LogHeads.Situation situation = Failures.orTimeout(() -> stream.heads().situation(log));
    checkpoints =
        new RocksCheckpoints(
            stream
                .settings()
                .stateDirectory()
                .resolve(stream.topics().applicationId())
                .resolve("rocksdb")
                .resolve(stage.name() + "-" + task.partition()),
            "topic '%s' with id %s, partition %d"
                .formatted(log.topic(), situation.topicId(), log.partition()));
    RocksCheckpoints.Opened opened = checkpoints.open(situation.start(), situation.committed());
    buffer = opened.buffer();
    state = StageState.layered(buffer, stream.heapBudget());
    fold = fold(state);
    LOG.info(
        "the state of stage '{}' begins at offset {} of topic '{}' partition {}, which begins at {}"
            + " and is committed up to {}",
        stage.name(),
        Math.max(opened.position(), situation.start()),
        log.topic(),
        log.partition(),
        situation.start(),
        situation.committed());
    if (opened.position() > 0) {
      ByteBuffer in = ByteBuffer.wrap(opened.remembered());
      lastTurnOffset = in.getLong();
      byte[] last = new byte[in.getInt()];
      in.get(last);
      turn = (LogRecord.Turn) codec.deserialize(name(), last);
      byte[] saved = new byte[in.remaining()];
      in.get(saved);
      fold.restore(saved);
      opened.parts().forEach(state::restore);
      begun = opened.position();
      position = begun;
    }
  }

  private void checkpoint() {
    sinceCheckpoint = 0;
    if (buffer == null) {
      return;
    }
    byte[] last = codec.serialize(name(), turn);
    byte[] saved = fold.save();
    checkpoints.add(
        buffer,
        state,
        position,
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + last.length + saved.length)
            .putLong(lastTurnOffset)
            .putInt(last.length)
            .put(last)
            .put(saved)
            .array());
  }

  /**
   * What Kafka Streams says of the position: it is asked for while the log is read again. A task
   * that runs knows it itself.
   */
  @Override
  public void commit(Map<TopicPartition, Long> offsets) {
    if (!isRead) {
      return;
    }
    for (Long offset : offsets.values()) {
      if (offset != null && offset >= 0) {
        folded(offset);
      }
    }
  }

  @Override
  public Long committedOffset(TopicPartition log) {
    return begun == 0 ? FROM_THE_START : begun - 1;
  }

  private void replay(byte[] value) {
    LogRecord record = codec.deserialize(name(), value);
    if (record instanceof LogRecord.Turn next) {
      turn(next.previousOffset(), next);
      return;
    }
    BlockReader block = new BlockReader(name(), (LogRecord.Block) record);
    while (block.next()) {
      if (!block.isMark()) {
        boolean ignored = event(block);
      }
    }
  }

  @Override
  public String name() {
    return StreamTopology.stateStore(stage);
  }

  @Override
  public void close() {
    if (buffer != null) {
      lastCheckpoint();
      state.release();
      buffer.close();
      buffer = null;
    }
    open = false;
    fold = null;
  }

  private void lastCheckpoint() {
    if (position == UNKNOWN || sinceCheckpoint == 0) {
      return;
    }
    try {
      checkpoint();
    } catch (StarfireException e) {
      LOG.warn("the next start has to read more of the log again: {}", e.getMessage(), e);
    }
  }

  @Override
  public boolean persistent() {
    return stream.settings().state() == StreamSettings.State.ROCKSDB;
  }

  @Override
  @SuppressWarnings("deprecation") // it must say so until all stores do
  public boolean managesOffsets() {
    return persistent();
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
