package io.starfire.stream;

import io.starfire.common.StarfireException;
import io.starfire.event.EventDecoder;
import io.starfire.event.EventTimes;
import io.starfire.event.Outcome;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Mark;
import java.nio.ByteBuffer;
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
 * <p>The partition is idle when the end of its log, as asked for at a time, had been reached and
 * processed, and nothing has come for the idle timeout. It is then idle as of that time, less how
 * far clocks may be apart.
 */
final class SourceProcessor implements Processor<byte[], RawValue, byte[], Object> {
  private static final Bytes READ = StageTask.key("read");
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
    byte[] read = task.progress().get(READ);
    if (read != null) {
      ByteBuffer in = ByteBuffer.wrap(read);
      watermark = in.getLong();
      knownAtMillis = in.getLong();
      lastOffset = in.getLong();
    }
    quietSinceMillis = task.nowMillis();
    context.schedule(
        stream.settings().broadcastInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> broadcast());
    task.report(watermark);
  }

  @Override
  public void process(Record<byte[], RawValue> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    EdgeRecord.Origin origin = new EdgeRecord.Origin(source.name(), at.partition(), at.offset());
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
        DeadLetter.of(
            record.key(),
            record.value().bytes(),
            true,
            outcome,
            source.name(),
            reason,
            origin,
            partition.topic()));
  }

  private void saveRead() {
    task.progress()
        .put(
            READ,
            ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(watermark)
                .putLong(knownAtMillis)
                .putLong(lastOffset)
                .array());
  }

  private void broadcast() {
    sinceBroadcast = 0;
    stream.progress().noteProcessed(partition, lastOffset);
    task.broadcast(watermark, knownAtMillis, idleAsOf());
    task.report(watermark);
  }

  private long idleAsOf() {
    long quietMillis = task.nowMillis() - quietSinceMillis;
    if (quietMillis < stream.settings().idleTimeout().toMillis()) {
      return Mark.ACTIVE;
    }
    OptionalLong caughtUpAsOf = stream.progress().caughtUpAsOf(partition, lastOffset);
    return caughtUpAsOf.isPresent()
        ? caughtUpAsOf.getAsLong() - stream.settings().clockSkew().toMillis()
        : Mark.ACTIVE;
  }

  @Override
  public void close() {
    task.leave(watermark);
  }
}
