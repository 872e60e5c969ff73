package io.starfire.stream;

import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DeadLetter;
import io.starfire.event.Outcome;
import io.starfire.kafka.DeadLetterLimit;
import io.starfire.kernel.Clip;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageOutput;
import io.starfire.kernel.StageProgram;
import io.starfire.kernel.WindowBuffer;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What the tasks of all kinds of stages have in common: the kernel's program, where its results go,
 * the counters and the marks that it sends. Its own state is in the progress store, which is
 * written after each record, so that it commits with the work; the store is cached, so that the
 * changelog gets it once a commit. Used by the task's thread.
 */
final class StageTask implements StageOutput {
  private static final Bytes COUNTER_NAMES = key("counter-names");
  private static final Bytes COUNTERS = key("counters");

  private final StreamContext stream;
  private final Stage stage;
  private final ProcessorContext<byte[], Object> context;
  private final KeyValueStore<Bytes, byte[]> progress;
  private final StageCounters counters = new StageCounters();
  private final StageProgram program;
  private final Map<String, DataRowCodec> rowCodecs = new TreeMap<>();
  private final MarkSender marks;
  private final TaskBoard.Task task;
  private EdgeRecord.Origin origin;
  private Record<byte[], RawValue> raw;

  StageTask(
      StreamContext stream,
      Stage stage,
      ProcessorContext<byte[], Object> context,
      WindowBuffer buffer) {
    this.stream = stream;
    this.stage = stage;
    this.context = context;
    this.progress = context.getStateStore(StreamTopology.progressStore(stage));
    counters.restore(progress.get(COUNTER_NAMES), progress.get(COUNTERS));
    for (SinkNode sink : stage.sinks()) {
      rowCodecs.put(sink.name(), stream.rowCodec(sink));
    }
    this.program =
        StageProgram.create(
            stream.plan(), stage, stream.grants(), stream.lookups(), Clip.NONE, buffer, this);
    this.task = new TaskBoard.Task(stage.name(), context.taskId().partition());
    this.marks = new MarkSender(stage.name(), task.partition(), stream.tasks(stage));
  }

  StageProgram program() {
    return program;
  }

  StageCounters counters() {
    return counters;
  }

  KeyValueStore<Bytes, byte[]> progress() {
    return progress;
  }

  long nowMillis() {
    return stream.clock().millis();
  }

  /**
   * Where the event came from that is being processed, and the record as it came; both travel with
   * what goes to a shuffle or to the dead letters.
   */
  void processing(EdgeRecord.Origin rawOrigin, Record<byte[], RawValue> rawRecord) {
    origin = rawOrigin;
    raw = rawRecord;
  }

  @Override
  public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
    if (isTooLarge(key, value)) {
      // It ends at the operator that it does not reach, so that all that is sent there is counted.
      String operator = shuffle.port().operator();
      counter(operator).count(Outcome.SINK_REJECTED, timeMillis);
      DeadLetter.Builder letter = tooLarge(operator, stream.topics().shuffle(shuffle), key, value);
      deadLetter(
          raw == null ? letter.canonical(key, value) : letter.raw(raw.key(), raw.value().bytes()),
          rawHeaders());
      return;
    }
    EdgeRecord.Origin carried = shuffle.judgesLateness() ? origin : null;
    forward(
        key,
        new EdgeRecord.Event(timeMillis, carried, value),
        StreamTopology.shuffleSink(stage, shuffle));
  }

  @Override
  public boolean row(SinkNode sink, DataRow row) {
    byte[] bytes = rowCodecs.get(sink.name()).encode(row);
    if (isTooLarge(null, bytes)) {
      DeadLetter.Builder letter =
          tooLarge(sink.name(), stream.topics().dataSource(sink), null, bytes);
      deadLetter(
          raw == null ? letter.row(bytes) : letter.raw(raw.key(), raw.value().bytes()),
          rawHeaders());
      return false;
    }
    forward(null, bytes, StreamTopology.rowSink(stage, sink));
    return true;
  }

  private boolean isTooLarge(byte[] key, byte[] value) {
    return bytes(key, value) > stream.settings().maxRecordBytes();
  }

  private static long bytes(byte[] key, byte[] value) {
    return (key == null ? 0L : key.length) + value.length;
  }

  private DeadLetter.Builder tooLarge(String operator, String topic, byte[] key, byte[] value) {
    return letter(
        Outcome.SINK_REJECTED,
        "it gives a record of %d bytes for topic '%s', and starfire.stream.max-record-bytes is %d"
            .formatted(bytes(key, value), topic, stream.settings().maxRecordBytes()),
        operator,
        origin);
  }

  private Iterable<Header> rawHeaders() {
    return raw == null ? List.of() : raw.headers();
  }

  @Override
  public OutcomeCounter counter(String operator) {
    return counters.counter(operator);
  }

  /** Begins a dead letter; {@code rawOrigin} is null if it is not known. */
  DeadLetter.Builder letter(
      Outcome outcome, String reason, String operator, EdgeRecord.Origin rawOrigin) {
    DeadLetter.Builder letter = DeadLetter.of(outcome, reason).operator(operator);
    if (rawOrigin != null) {
      letter
          .source(rawOrigin.source())
          .at(
              stream.topics().rawTopics().get(rawOrigin.source()),
              rawOrigin.partition(),
              rawOrigin.offset());
    }
    return letter;
  }

  /** Writes a record that cannot be used to the dead-letter topic, as far as it fits. */
  void deadLetter(DeadLetter.Builder letter, Iterable<Header> headers) {
    DeadLetterLimit limit = stream.settings().deadLetterLimit();
    DeadLetter cut = limit.cut(letter.build());
    context.forward(
        new Record<>(cut.key(), (Object) cut.value(), nowMillis(), limit.headers(cut, headers)),
        StreamTopology.deadLetterSink(stage));
  }

  /** Puts the counters into the progress store. To be called after each record. */
  void save() {
    byte[] names = counters.takeNames();
    if (names != null) {
      progress.put(COUNTER_NAMES, names);
    }
    byte[] numbers = counters.takeNumbers();
    if (numbers != null) {
      progress.put(COUNTERS, numbers);
    }
  }

  /** Tells the tasks downstream, if there is news for them. */
  void broadcast(long watermark, long withoutSilence, long knownAtMillis, Idleness idleness) {
    Mark mark = marks.next(watermark, withoutSilence, knownAtMillis, idleness);
    if (mark == null) {
      return;
    }
    for (Shuffle shuffle : stage.outputs()) {
      forward(null, new EdgeRecord.Marked(mark), StreamTopology.shuffleSink(stage, shuffle));
    }
    if (stage.isSource()) {
      for (Shuffle shuffle : stream.advisedBy(stage)) {
        forward(null, new EdgeRecord.Marked(mark), StreamTopology.shuffleSink(stage, shuffle));
      }
    }
  }

  /** Says how far the task is. */
  void report(long watermark) {
    stream
        .board()
        .post(
            task,
            new TaskBoard.Report(stream.tasks(stage), watermark, counters.byOperator()),
            stream.clock().millis());
  }

  /** Says that the task leaves this process, or that all of it is closing. */
  void leave(long watermark) {
    if (stream.board().isClosing()) {
      report(watermark);
    } else {
      stream.board().remove(task);
    }
  }

  private void forward(byte[] key, Object value, String sink) {
    context.forward(new Record<>(key, value, nowMillis()), sink);
  }

  static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
