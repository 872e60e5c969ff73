package io.starfire.stream;

import io.starfire.common.Times;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.kernel.StageProgram;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import io.starfire.stream.watermark.Silence;
import io.starfire.stream.watermark.WatermarkCombiner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * A stage that reads shuffles. The marks of the tasks above and the watermark that follows from
 * them are stored with the state.
 */
final class ShuffleProcessor implements Processor<byte[], EdgeRecord, byte[], Object> {
  private static final Bytes WATERMARK = StageTask.key("watermark");
  private static final String MARK_PREFIX = "mark/";
  private static final Bytes MARKS_FROM = StageTask.key(MARK_PREFIX);
  private static final Bytes MARKS_TO = StageTask.key("mark0");
  private static final String SILENCE =
      ", which a silence longer than starfire.stream.silence-grace has moved";

  /** Of the keys under which is stored up to where each input was read. */
  static final String POSITION_PREFIX = "position/";

  private static final int BROADCAST_RECORDS = 1_000;

  private final StreamContext stream;
  private final Stage stage;
  private final Map<String, Input> inputByTopic = new HashMap<>();
  private final EdgeCodec codec = new EdgeCodec();
  private final List<ReadPosition> positions = new ArrayList<>();
  private final RawRecordReader rawRecords;
  private StageTask task;
  private ProcessorContext<byte[], Object> context;
  private WatermarkCombiner combiner;
  private long knownAtMillis;
  private boolean resumed;
  private int sinceBroadcast;

  ShuffleProcessor(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
    this.rawRecords = new RawRecordReader(stream.settings());
  }

  /** A shuffle, and where its events go in. */
  private record Input(Shuffle shuffle, StageProgram.Input entry) {}

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    task =
        new StageTask(
            stream,
            stage,
            context,
            new StoreWindowBuffer(context.getStateStore(StreamTopology.stateStore(stage))));
    for (Shuffle shuffle : stage.inputs()) {
      inputByTopic.put(
          stream.topics().shuffle(shuffle), new Input(shuffle, task.program().input(shuffle)));
    }
    combiner =
        new WatermarkCombiner(
            stream.writers(stage), stream.advisers(stage), stream.settings().silenceGrace());
    restore();
    for (Shuffle input : stage.inputs()) {
      positions.add(
          new ReadPosition(
              new TopicPartition(stream.topics().shuffle(input), context.taskId().partition()),
              StageTask.key(POSITION_PREFIX + input.name())));
    }
    context.schedule(
        stream.settings().broadcastInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> {
          resume();
          broadcast();
        });
    task.report(combiner.watermark());
  }

  @Override
  public void process(Record<byte[], EdgeRecord> record) {
    resume();
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Input input = inputByTopic.get(at.topic());
    if (record.value() instanceof EdgeRecord.Event event) {
      event(input, record.key(), event);
    } else {
      mark(input.shuffle(), ((EdgeRecord.Marked) record.value()).mark());
    }
    for (ReadPosition position : positions) {
      position.note(at, task.progress());
    }
    task.save();
    sinceBroadcast++;
    if (sinceBroadcast >= BROADCAST_RECORDS) {
      broadcast();
    }
  }

  private void event(Input input, byte[] key, EdgeRecord.Event event) {
    if (!input.entry().event(key, event.timeMillis(), event.value())) {
      late(input.shuffle(), key, event);
    }
  }

  private void late(Shuffle input, byte[] key, EdgeRecord.Event event) {
    String operator = input.port().operator();
    boolean bySilence = combiner.isLateBySilence(event.timeMillis());
    if (bySilence) {
      task.counter(operator).count(Anomaly.LATE_BY_SILENCE, event.timeMillis());
    }
    String reason =
        "event time %s is below the watermark %s%s%s"
            .formatted(
                Times.format(event.timeMillis()),
                Times.format(combiner.watermark()),
                bySilence ? SILENCE : "",
                formerTopic(event.origin()));
    Optional<ConsumerRecord<byte[], byte[]>> raw = raw(event.origin());
    if (raw.isPresent()) {
      ConsumerRecord<byte[], byte[]> record = raw.get();
      task.deadLetter(
          task.letter(Outcome.LATE, reason, operator, event.origin())
              .raw(record.key(), record.value()),
          record.headers());
    } else {
      task.deadLetter(
          task.letter(Outcome.LATE, reason, operator, event.origin()).canonical(key, event.value()),
          List.of());
    }
  }

  /** The record as it came; empty if it is gone from its topic. */
  private Optional<ConsumerRecord<byte[], byte[]>> raw(EdgeRecord.Origin origin) {
    if (origin == null || isOfFormerTopic(origin)) {
      return Optional.empty();
    }
    String topic = topic(origin);
    return rawRecords.find(new TopicPartition(topic, origin.partition()), origin.offset());
  }

  private String topic(EdgeRecord.Origin origin) {
    return stream.topics().rawTopics().get(origin.source());
  }

  /** Whether the topic of its name that is there now holds other records. */
  private boolean isOfFormerTopic(EdgeRecord.Origin origin) {
    return origin.topicNumber() != stream.rawTopicNumber(topic(origin));
  }

  private String formerTopic(EdgeRecord.Origin origin) {
    if (origin == null || !isOfFormerTopic(origin)) {
      return "";
    }
    return "; it was read from the topic with id %s, which was deleted since"
        .formatted(stream.rawTopicIds().get(topic(origin)).get(origin.topicNumber()));
  }

  private void mark(Shuffle input, Mark mark) {
    boolean rose = combiner.accept(input.name(), mark);
    task.progress()
        .put(
            StageTask.key(MARK_PREFIX + input.name() + "/" + mark.stage() + "/" + mark.partition()),
            codec.serialize(null, new EdgeRecord.Marked(mark)));
    if (rose) {
      knownAtMillis = task.nowMillis();
      task.program().advanceTo(combiner.watermark());
    }
    WatermarkCombiner.State concluded = combiner.state();
    task.progress()
        .put(
            WATERMARK,
            ByteBuffer.allocate(5 * Long.BYTES)
                .putLong(knownAtMillis)
                .putLong(concluded.watermark())
                .putLong(concluded.withoutSilence())
                .putLong(concluded.silence().watermark())
                .putLong(concluded.silence().sinceMillis())
                .array());
  }

  /**
   * Brings the kernel to the committed watermark. It did all that was due at that watermark before
   * it was committed, so that nothing is produced here.
   */
  private void resume() {
    if (!resumed) {
      resumed = true;
      task.program().advanceTo(combiner.watermark());
    }
  }

  private void broadcast() {
    sinceBroadcast = 0;
    for (ReadPosition position : positions) {
      position.note(stream.progress(), task.progress());
    }
    WatermarkCombiner.State concluded = combiner.state();
    task.broadcast(
        lowered(concluded.watermark()),
        lowered(concluded.withoutSilence()),
        knownAtMillis,
        Idleness.ACTIVE);
    task.save();
    task.report(concluded.watermark());
  }

  /** What the results to come are at or above. */
  private long lowered(long watermark) {
    return watermark == Mark.UNKNOWN ? Mark.UNKNOWN : watermark - task.program().holdBackMillis();
  }

  private void restore() {
    try (KeyValueIterator<Bytes, byte[]> marks = task.progress().range(MARKS_FROM, MARKS_TO)) {
      while (marks.hasNext()) {
        KeyValue<Bytes, byte[]> entry = marks.next();
        String name = new String(entry.key.get(), StandardCharsets.UTF_8);
        String input =
            name.substring(MARK_PREFIX.length(), name.indexOf('/', MARK_PREFIX.length()));
        EdgeRecord.Marked marked = (EdgeRecord.Marked) codec.deserialize(null, entry.value);
        combiner.restore(input, marked.mark());
      }
    }
    byte[] stored = task.progress().get(WATERMARK);
    if (stored != null) {
      ByteBuffer in = ByteBuffer.wrap(stored);
      knownAtMillis = in.getLong();
      combiner.restore(
          new WatermarkCombiner.State(
              in.getLong(), in.getLong(), new Silence(in.getLong(), in.getLong())));
    }
  }

  @Override
  public void close() {
    rawRecords.close();
    task.leave(combiner.watermark());
  }
}
