package io.starfire.stream;

import io.starfire.event.DataRow;
import io.starfire.event.DeadLetter;
import io.starfire.event.Outcome;
import io.starfire.kafka.DeadLetterLimit;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageOutput;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What the tasks of all kinds of stages have in common: where results go, the counters and the
 * marks that it sends. Its own state is in the progress store, which is brought up to date before
 * each commit ({@link Unwritten}), so that it commits with the work. Used by the task's thread.
 */
final class StageTask implements StageOutput, Unwritten.Part {
  private static final String COUNTER_NAMES = "counter-names";
  private static final String COUNTERS = "counters";
  private static final byte[] NO_KEY = LogCodec.noKey();

  private final StreamContext stream;
  private final Stage stage;
  private final ProcessorContext<byte[], Object> context;
  private final ProgressStore progress;
  private final String changelog;
  private final Runnable saver;
  private final StageCounters counters = new StageCounters();
  private final Map<String, Input> inputs = new HashMap<>();
  private final Map<String, LogWriter> logs = new TreeMap<>();
  private final ResultRecords results;
  private final Set<String> leftOut = new HashSet<>();
  private final MarkSender marks;
  private final TaskBoard.Task task;
  private boolean holdsSomething;
  private boolean hasWorked;
  private LogRecord.Origin origin;
  private ConsumerRecord<byte[], byte[]> raw;

  /** Where the events of a shuffle go: a log, and the index among the inputs of the receiver. */
  private record Input(LogWriter log, int index) {}

  /**
   * @param saver puts what the processor stores of its own into the progress store
   */
  StageTask(
      StreamContext stream, Stage stage, ProcessorContext<byte[], Object> context, Runnable saver) {
    this.stream = stream;
    this.stage = stage;
    this.context = context;
    this.saver = saver;
    this.progress = context.getStateStore(StreamTopology.progressStore(stage));
    this.changelog = stream.topics().changelog(progress.name());
    counters.restore(progress.get(COUNTER_NAMES), progress.get(COUNTERS));
    for (String below : stream.below(stage)) {
      String sink = StreamTopology.logSink(stage, below);
      logs.put(
          below,
          new LogWriter(
              stream.topics().log(below),
              stream.settings().partitions(),
              block -> forward(NO_KEY, block, sink)));
    }
    this.results = new ResultRecords(stage.sinks());
    stream.plan().files().forEach(files -> leftOut.add(files.name()));
    for (Stage below : stream.plan().stages()) {
      for (Shuffle input : below.inputs()) {
        if (logs.containsKey(below.name())) {
          inputs.put(
              input.name(), new Input(logs.get(below.name()), below.inputs().indexOf(input)));
        }
      }
    }
    this.task = new TaskBoard.Task(stage.name(), context.taskId().partition());
    this.marks = new MarkSender(stage.name(), task.partition(), stream.tasks(stage));
    context.schedule(
        CommitPace.least(stream.settings().commitInterval()),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> commitIfDue());
    stream.unwritten().add(this);
  }

  ProgressStore progress() {
    return progress;
  }

  long nowMillis() {
    return stream.clock().millis();
  }

  /**
   * Where the event came from that is being processed, and the record as it came; both travel with
   * what goes to a shuffle or to the dead letters.
   */
  void processing(LogRecord.Origin rawOrigin, ConsumerRecord<byte[], byte[]> rawRecord) {
    origin = rawOrigin;
    raw = rawRecord;
  }

  @Override
  public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
    if (isTooLarge(key, value)) {
      // It ends at the operator that it does not reach, so that all that is sent there is counted.
      String operator = shuffle.port().operator();
      counter(operator).count(Outcome.SINK_REJECTED, timeMillis);
      DeadLetter.Builder letter =
          tooLarge(operator, stream.topics().log(shuffle.toStage()), key, value);
      deadLetter(
          raw == null ? letter.canonical(key, value) : letter.raw(raw.key(), raw.value()),
          rawHeaders());
      return;
    }
    Input input = inputs.get(shuffle.name());
    LogRecord.Origin carried = shuffle.judgesLateness() ? origin : null;
    input.log().event(input.index(), key, timeMillis, carried, value);
    hold();
  }

  @Override
  public boolean row(DataSourceNode sink, DataRow row) {
    byte[] bytes = results.row(sink, row);
    if (isTooLarge(null, bytes)) {
      DeadLetter.Builder letter =
          tooLarge(sink.name(), stream.topics().dataSource(sink), null, bytes);
      deadLetter(
          raw == null ? letter.row(bytes) : letter.raw(raw.key(), raw.value()), rawHeaders());
      return false;
    }
    forward(null, bytes, StreamTopology.sink(stage, sink));
    return true;
  }

  @Override
  public boolean toTopic(TopicNode sink, byte[] key, long timeMillis, byte[] value) {
    byte[] bytes = results.record(sink, timeMillis, value);
    if (isTooLarge(key, bytes)) {
      DeadLetter.Builder letter = tooLarge(sink.name(), stream.topics().results(sink), key, bytes);
      deadLetter(
          raw == null ? letter.canonical(null, value) : letter.raw(raw.key(), raw.value()),
          rawHeaders());
      return false;
    }
    forward(key, bytes, StreamTopology.sink(stage, sink));
    return true;
  }

  /** They are left out, and not counted, as the user has asked for. */
  @Override
  public boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
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
    return leftOut.contains(operator) ? OutcomeCounter.NONE : counters.counter(operator);
  }

  /** Begins a dead letter; {@code rawOrigin} is null if it is not known. */
  DeadLetter.Builder letter(
      Outcome outcome, String reason, String operator, LogRecord.Origin rawOrigin) {
    DeadLetter.Builder letter = DeadLetter.of(outcome, reason).operator(operator);
    if (rawOrigin != null) {
      SourceNode source = stream.plan().stages().get(rawOrigin.stage()).source();
      letter
          .source(source.name())
          .at(stream.topics().raw(source), rawOrigin.partition(), rawOrigin.offset());
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

  /** To be called when a record of Kafka Streams has been processed. */
  void worked() {
    hasWorked = true;
    commitIfDue();
  }

  private void commitIfDue() {
    if (hasWorked && stream.pace().isDue()) {
      context.commit();
    }
  }

  /** What the thread has written is not committed while the task holds something back. */
  private void hold() {
    if (!holdsSomething) {
      holdsSomething = true;
      stream.board().written();
    }
  }

  @Override
  public void write(Consumer<ProducerRecord<byte[], byte[]>> producer) {
    long nowMillis = nowMillis();
    logs.values()
        .forEach(
            log ->
                log.takeRest(
                    (topic, partition, block) ->
                        producer.accept(
                            new ProducerRecord<>(topic, partition, nowMillis, NO_KEY, block))));
    holdsSomething = false;
    hasWorked = false;
    saver.run();
    saveCounters();
    progress.takeChanges(
        (key, value) ->
            producer.accept(
                new ProducerRecord<>(changelog, task.partition(), nowMillis, key, value)));
  }

  private void saveCounters() {
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
    logs.values().forEach(log -> log.mark(mark));
    if (!holdsSomething) {
      // Nothing was read since the last commit. Kafka Streams then commits only what it has sent
      // itself: held back, the mark would never arrive.
      logs.values().forEach(LogWriter::send);
    }
  }

  /** Writes a turn to the task's own partition of the log of its stage. */
  void turn(LogRecord.Turn turn) {
    forward(NO_KEY, turn, StreamTopology.turnSink(stage));
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
    stream.unwritten().remove(this);
    if (stream.board().isClosing()) {
      report(watermark);
    } else {
      stream.board().remove(task);
    }
  }

  private void forward(byte[] key, Object value, String sink) {
    context.forward(new Record<>(key, value, nowMillis()), sink);
  }
}
