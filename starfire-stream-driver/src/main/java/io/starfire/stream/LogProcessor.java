package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import io.starfire.stream.watermark.Silence;
import io.starfire.stream.watermark.WatermarkCombiner;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A stage that reads its log. Events and turns are folded; what the fold puts out goes on.
 *
 * <p>The marks of the tasks above go to the combiner, which looks at clocks and is no function of
 * the log. What it concludes is written to the task's own partition of the log as a turn. The
 * watermark rises when the turn is read there, and only then are the tasks below told. The marks
 * and what was concluded are small; they are in the progress store.
 */
final class LogProcessor implements Processor<byte[], LogRecord, byte[], Object> {
  private static final String CONCLUDED = "watermark";
  private static final String NEEDED = "log";
  private static final String MARK_PREFIX = "mark/";
  private static final String SILENCE =
      ", which a silence longer than starfire.stream.silence-grace has moved";

  /** Of the key under which is stored up to where the log was read. */
  static final String POSITION_PREFIX = "position/";

  private static final int BROADCAST_RECORDS = 1_000;

  private final StreamContext stream;
  private final Stage stage;
  private final Map<String, Mark> newMarks = new TreeMap<>();
  private final RawRecordReader rawRecords;
  private StageTask task;
  private LogStore store;
  private ProcessorContext<byte[], Object> context;
  private TopicPartition log;
  private WatermarkCombiner combiner;
  private ReadPosition position;
  private long knownAtMillis;
  private long concluded = Mark.UNKNOWN;
  private long low;
  private long highestMillis = Long.MIN_VALUE;
  private int sinceBroadcast;

  LogProcessor(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
    this.rawRecords = new RawRecordReader(stream.settings());
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    log = new TopicPartition(stream.topics().log(stage.name()), context.taskId().partition());
    store = context.getStateStore(StreamTopology.stateStore(stage));
    task = new StageTask(stream, stage, context, this::save);
    store.fold().connect(task);
    combiner =
        new WatermarkCombiner(
            stream.writers(stage).stream()
                .collect(Collectors.toMap(Function.identity(), Function.identity())),
            stream.advisers(stage),
            stream.settings().silenceGrace());
    restore();
    position = new ReadPosition(log, POSITION_PREFIX + stage.name());
    concluded = store.turn().watermark();
    context.schedule(
        stream.settings().broadcastInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> broadcast());
    task.report(store.turn().watermark());
  }

  @Override
  public void process(Record<byte[], LogRecord> record) {
    long offset = context.recordMetadata().orElseThrow().offset();
    if (record.value() instanceof LogRecord.Turn turn) {
      turn(offset, turn);
    } else {
      block((LogRecord.Block) record.value());
    }
    store.folded(offset);
    position.note(offset);
    sinceBroadcast++;
    if (sinceBroadcast >= BROADCAST_RECORDS) {
      broadcast();
    }
    task.worked();
  }

  private void block(LogRecord.Block block) {
    BlockReader entry = new BlockReader(log.topic(), block);
    while (entry.next()) {
      sinceBroadcast++;
      if (entry.isMark()) {
        mark(entry.mark());
      } else if (!store.event(entry)) {
        late(entry);
      }
    }
  }

  private void late(BlockReader event) {
    LogRecord.Origin origin = event.origin();
    Shuffle input = stage.inputs().get(event.input());
    String operator = input.port().operator();
    LogRecord.Turn turn = store.turn();
    boolean bySilence = turn.isLateBySilence(event.timeMillis());
    if (bySilence) {
      task.counter(operator).count(Anomaly.LATE_BY_SILENCE, event.timeMillis());
    }
    String reason =
        "event time %s is below the watermark %s%s%s"
            .formatted(
                Times.format(event.timeMillis()),
                Times.format(turn.watermark()),
                bySilence ? SILENCE : "",
                formerTopic(origin));
    Optional<ConsumerRecord<byte[], byte[]>> raw = raw(origin);
    if (raw.isPresent()) {
      ConsumerRecord<byte[], byte[]> record = raw.get();
      task.deadLetter(
          task.letter(Outcome.LATE, reason, operator, origin).raw(record.key(), record.value()),
          record.headers());
    } else {
      task.deadLetter(
          task.letter(Outcome.LATE, reason, operator, origin).canonical(event.key(), event.value()),
          List.of());
    }
  }

  /** The record as it came; empty if it is gone from its topic. */
  private Optional<ConsumerRecord<byte[], byte[]>> raw(LogRecord.Origin origin) {
    if (origin == null || isOfFormerTopic(origin)) {
      return Optional.empty();
    }
    return rawRecords.find(new TopicPartition(topic(origin), origin.partition()), origin.offset());
  }

  private String topic(LogRecord.Origin origin) {
    return stream.topics().raw(stream.plan().stages().get(origin.stage()).source());
  }

  /** Whether the topic of its name that is there now holds other records. */
  private boolean isOfFormerTopic(LogRecord.Origin origin) {
    return origin.topicNumber() != stream.rawTopicNumber(topic(origin));
  }

  private String formerTopic(LogRecord.Origin origin) {
    if (origin == null || !isOfFormerTopic(origin)) {
      return "";
    }
    return "; it was read from the topic with id %s, which was deleted since"
        .formatted(stream.rawTopicIds().get(topic(origin)).get(origin.topicNumber()));
  }

  private void mark(Mark mark) {
    if (combiner.accept(mark.stage(), mark)) {
      knownAtMillis = task.nowMillis();
    }
    newMarks.put(MARK_PREFIX + mark.stage() + "/" + mark.partition(), mark);
  }

  /** Before a commit. */
  private void save() {
    newMarks.forEach((key, mark) -> task.progress().put(key, BlockWriter.markBytes(mark)));
    newMarks.clear();
    WatermarkCombiner.State state = combiner.state();
    task.progress()
        .put(
            CONCLUDED,
            ByteBuffer.allocate(5 * Long.BYTES)
                .putLong(knownAtMillis)
                .putLong(state.watermark())
                .putLong(state.withoutSilence())
                .putLong(state.silence().watermark())
                .putLong(state.silence().sinceMillis())
                .array());
    if (low > 0 || highestMillis != Long.MIN_VALUE) {
      task.progress()
          .put(
              NEEDED,
              ByteBuffer.allocate(2 * Long.BYTES).putLong(low).putLong(highestMillis).array());
    }
    position.save(task.progress());
  }

  private void turn(long offset, LogRecord.Turn turn) {
    store.turn(offset, turn);
    low = Math.max(low, store.fold().low());
    highestMillis = Math.max(highestMillis, store.fold().highestMillis());
    stream.heads().note(log, offset + 1, low);
    tell();
  }

  /** Writes what was concluded to the log, and tells the tasks below what was read there. */
  private void broadcast() {
    sinceBroadcast = 0;
    position.note(stream.progress());
    WatermarkCombiner.State state = combiner.state();
    while (concluded < state.watermark()) {
      concluded = store.fold().nextTurn(concluded, state.watermark());
      task.turn(
          new LogRecord.Turn(
              log.partition(),
              concluded,
              Math.min(concluded, state.withoutSilence()),
              knownAtMillis,
              store.lastTurnOffset()));
    }
    tell();
    task.report(store.turn().watermark());
  }

  private void tell() {
    LogRecord.Turn turn = store.turn();
    task.broadcast(
        lowered(turn.watermark()),
        lowered(turn.withoutSilence()),
        turn.knownAtMillis(),
        Idleness.ACTIVE);
  }

  /** What the results to come are at or above. */
  private long lowered(long watermark) {
    return watermark == Mark.UNKNOWN ? Mark.UNKNOWN : watermark - store.fold().holdBackMillis();
  }

  /** A task whose work was aborted begins again, with this object. */
  private void restore() {
    knownAtMillis = 0;
    low = 0;
    highestMillis = Long.MIN_VALUE;
    newMarks.clear();
    for (byte[] stored : task.progress().startingWith(MARK_PREFIX)) {
      Mark mark = BlockReader.mark(stored);
      combiner.restore(mark.stage(), mark);
    }
    byte[] before = task.progress().get(CONCLUDED);
    if (before != null) {
      ByteBuffer in = ByteBuffer.wrap(before);
      knownAtMillis = in.getLong();
      combiner.restore(
          new WatermarkCombiner.State(
              in.getLong(), in.getLong(), new Silence(in.getLong(), in.getLong())));
    }
    byte[] needed = task.progress().get(NEEDED);
    if (needed != null) {
      ByteBuffer in = ByteBuffer.wrap(needed);
      low = in.getLong();
      highestMillis = in.getLong();
      requireWhole();
    }
  }

  /** What was needed at the committed position has been folded if the log still has it now. */
  private void requireWhole() {
    long start = Failures.orTimeout(() -> stream.heads().start(log));
    if (start <= Math.max(low, store.begun())) {
      return;
    }
    long watermark = store.turn().watermark();
    throw new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: offsets [%d, %d) of topic '%s' partition %d were deleted, and the state of stage '%s' is made from them; results from %s to %s can be wrong. Begin the stream anew with --reset --from committed, and mend that interval with a batch run"
            .formatted(
                low,
                start,
                log.topic(),
                log.partition(),
                stage.name(),
                watermark == Mark.UNKNOWN
                    ? "the beginning"
                    : Times.format(watermark - store.fold().holdBackMillis()),
                Times.format(highestMillis)));
  }

  @Override
  public void close() {
    rawRecords.close();
    task.leave(store.turn().watermark());
    // What stands by from now on puts nothing out.
    if (store.isOpen()) {
      store.fold().disconnect();
    }
  }
}
