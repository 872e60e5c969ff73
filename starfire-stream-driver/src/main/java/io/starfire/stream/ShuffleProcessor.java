package io.starfire.stream;

import io.starfire.common.Times;
import io.starfire.event.Anomaly;
import io.starfire.event.DeadLetter;
import io.starfire.event.Outcome;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import io.starfire.stream.watermark.Silence;
import io.starfire.stream.watermark.WatermarkCombiner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * A stage that reads shuffles: the removal of duplicates, or a join. The marks of the tasks above
 * and the watermark that follows from them are stored with the state.
 */
final class ShuffleProcessor implements Processor<byte[], EdgeRecord, byte[], Object> {
  private static final Bytes WATERMARK = StageTask.key("watermark");
  private static final String MARK_PREFIX = "mark/";
  private static final Bytes MARKS_FROM = StageTask.key(MARK_PREFIX);
  private static final Bytes MARKS_TO = StageTask.key("mark0");
  private static final String SILENCE =
      ", which a silence longer than starfire.stream.silence-grace has moved";
  private static final int BROADCAST_RECORDS = 1_000;

  private final StreamContext stream;
  private final Stage stage;
  private final Map<String, Shuffle> inputByTopic = new HashMap<>();
  private final EdgeCodec codec = new EdgeCodec();
  private StageTask task;
  private ProcessorContext<byte[], Object> context;
  private WatermarkCombiner combiner;
  private long knownAtMillis;
  private boolean resumed;
  private int sinceBroadcast;

  ShuffleProcessor(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
    for (Shuffle input : stage.inputs()) {
      inputByTopic.put(stream.topics().shuffle(input), input);
    }
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    task =
        new StageTask(
            stream,
            stage,
            context,
            new StoreWindowBuffer(context.getStateStore(StreamTopology.stateStore(stage))));
    combiner =
        new WatermarkCombiner(
            stream.writers(stage), stream.advisers(stage), stream.settings().silenceGrace());
    restore();
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
    Shuffle input = inputByTopic.get(at.topic());
    if (record.value() instanceof EdgeRecord.Event event) {
      event(input, record.key(), event);
    } else {
      mark(input, ((EdgeRecord.Marked) record.value()).mark());
    }
    task.save();
    sinceBroadcast++;
    if (sinceBroadcast >= BROADCAST_RECORDS) {
      broadcast();
    }
  }

  private void event(Shuffle input, byte[] key, EdgeRecord.Event event) {
    task.counters().forgetLast();
    task.program().shuffled(input.side(), key, event.timeMillis(), event.value());
    if (task.counters().last() == Outcome.LATE) {
      boolean bySilence = combiner.isLateBySilence(event.timeMillis());
      if (bySilence) {
        task.counter(operator(input)).count(Anomaly.LATE_BY_SILENCE, event.timeMillis());
      }
      task.deadLetter(late(input, key, event, bySilence));
    }
  }

  /** The operator that judges the events of an input. */
  private String operator(Shuffle input) {
    return input.side() == Shuffle.Side.IDENTITY ? stage.name() : input.name();
  }

  private DeadLetter late(
      Shuffle input, byte[] key, EdgeRecord.Event event, boolean bySilence) {
    DeadLetter.Builder letter =
        DeadLetter.of(
                Outcome.LATE,
                "event time %s is below the watermark %s%s"
                    .formatted(
                        Times.format(event.timeMillis()),
                        Times.format(combiner.watermark()),
                        bySilence ? SILENCE : ""))
            .operator(operator(input))
            .canonical(key, event.value());
    EdgeRecord.Origin origin = event.origin();
    if (origin != null) {
      String topic = stream.topics().rawTopics().get(origin.source());
      letter.source(origin.source()).at(topic, origin.partition(), origin.offset());
    }
    return letter.build();
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
    task.leave(combiner.watermark());
  }
}
