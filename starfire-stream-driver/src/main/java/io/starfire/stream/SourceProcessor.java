package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DeadLetter;
import io.starfire.event.EventDecoder;
import io.starfire.event.EventTimes;
import io.starfire.event.Outcome;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Mark;
import io.starfire.stream.watermark.ToldWatermark;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A stage that reads one raw partition. Its watermark is the highest event time that was read, less
 * the lateness, which is subtracted here and nowhere else. The watermark and the offset of the last
 * record are stored with the state.
 *
 * <p>What it tells of its watermark is only what was reached before a moment at which the topic had
 * no partition that is not read. So an event in a partition that is added was appended after
 * everything that counted, and is not late if it is on time.
 *
 * <p>The partition is idle when the end of its log, as asked for at a time, had been reached and
 * processed, and nothing has come for the idle timeout. It is then idle as of that time, less how
 * far clocks may be apart.
 */
final class SourceProcessor implements Processor<byte[], RawValue, byte[], Object> {
  static final Bytes READ = StageTask.key("read");
  private static final int BROADCAST_RECORDS = 1_000;

  private final StreamContext stream;
  private final Stage stage;
  private final SourceNode source;
  private final EventDecoder<?> decoder;
  private StageTask task;
  private ProcessorContext<byte[], Object> context;
  private OutcomeCounter counter;
  private TopicPartition partition;
  private long watermark = Mark.UNKNOWN;
  private long knownAtMillis;
  private long lastOffset = -1;
  private long quietSinceMillis;
  private int sinceBroadcast;
  private String topicId;
  private final ToldWatermark told = new ToldWatermark();

  SourceProcessor(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
    this.source = (SourceNode) stage.head();
    this.decoder = stream.decoders().get(source.name());
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    task = new StageTask(stream, stage, context, null);
    counter = task.counter(source.name());
    partition = new TopicPartition(stream.topics().raw(source), context.taskId().partition());
    topicId = stream.rawTopicIds().get(partition.topic());
    byte[] read = task.progress().get(READ);
    if (read != null) {
      ReadProgress stored = ReadProgress.decode(read);
      watermark = stored.watermark();
      knownAtMillis = stored.knownAtMillis();
      // The offset of another topic of this name says nothing of this one.
      lastOffset = stored.topicId().equals(topicId) ? stored.lastOffset() : -1;
    }
    quietSinceMillis = task.nowMillis();
    context.schedule(
        stream.settings().broadcastInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> broadcast());
    task.report(Mark.UNKNOWN);
  }

  @Override
  public void process(Record<byte[], RawValue> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    EdgeRecord.Origin origin = new EdgeRecord.Origin(source.name(), at.partition(), at.offset());
    requireAbove(at.offset());
    lastOffset = at.offset();
    quietSinceMillis = task.nowMillis();
    task.processing(origin);
    read(record, origin);
    saveRead();
    task.save();
    sinceBroadcast++;
    if (sinceBroadcast >= BROADCAST_RECORDS) {
      broadcast();
    }
  }

  /** Offsets of one topic only grow; the stream must not take a record twice, or one of another. */
  private void requireAbove(long offset) {
    if (offset <= lastOffset) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "topic '%s' partition %d gives offset %d again after offset %d was processed; the offsets of the stream's consumer group were changed or have expired, or the topic was made anew; begin the stream anew with --reset --from committed"
              .formatted(partition.topic(), partition.partition(), offset, lastOffset));
    }
  }

  private void read(Record<byte[], RawValue> record, EdgeRecord.Origin origin) {
    Object event;
    try {
      event = decoder.decode(record.value().bytes());
    } catch (StarfireException e) {
      refuse(record, origin, Outcome.UNDECODABLE, e.getMessage());
      return;
    }
    EventTimes.Checked time =
        stream
            .settings()
            .eventTimes()
            .check(eventTime(event), record.value().timestampMillis(), task.nowMillis());
    if (!time.isGood()) {
      refuse(record, origin, Outcome.BAD_TIME, time.problem());
      return;
    }
    task.program().source(event, time.millis());
    long reached = time.millis() - stream.settings().lateness().toMillis();
    if (reached > watermark) {
      watermark = reached;
      knownAtMillis = task.nowMillis();
    }
  }

  private Instant eventTime(Object event) {
    return AuthorCalls.guarded(source.name(), () -> source.eventTime().apply(event));
  }

  private void refuse(
      Record<byte[], RawValue> record, EdgeRecord.Origin origin, Outcome outcome, String reason) {
    counter.count(
        outcome,
        stream
            .settings()
            .eventTimes()
            .arrivalMillis(record.value().timestampMillis(), task.nowMillis()));
    task.deadLetter(
        DeadLetter.of(outcome, reason)
            .operator(source.name())
            .raw(record.key(), record.value().bytes())
            .source(origin.source())
            .at(partition.topic(), origin.partition(), origin.offset())
            .build());
  }

  private void saveRead() {
    task.progress()
        .put(READ, new ReadProgress(watermark, knownAtMillis, lastOffset, topicId).encode());
  }

  private void broadcast() {
    sinceBroadcast = 0;
    stream.progress().noteProcessed(partition, lastOffset);
    told.reached(watermark, knownAtMillis);
    ToldWatermark.Told may = told.asOf(stream.progress().confirmedAsOfMillis());
    task.broadcast(may.watermark(), may.knownAtMillis(), idleAsOf());
    task.report(may.watermark());
  }

  private long idleAsOf() {
    long quietMillis = task.nowMillis() - quietSinceMillis;
    if (quietMillis < stream.settings().idleTimeout().toMillis()) {
      return Mark.ACTIVE;
    }
    OptionalLong caughtUpAsOf = stream.progress().caughtUpAsOf(partition, lastOffset);
    return caughtUpAsOf.isPresent()
        ? Math.min(caughtUpAsOf.getAsLong(), stream.progress().confirmedAsOfMillis())
            - stream.settings().clockSkew().toMillis()
        : Mark.ACTIVE;
  }

  @Override
  public void close() {
    task.leave(told.asOf(stream.progress().confirmedAsOfMillis()).watermark());
  }
}
