package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventDecoder;
import io.starfire.event.EventTimes;
import io.starfire.event.Outcome;
import io.starfire.kafka.RawRecords;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageProgram;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import io.starfire.stream.watermark.ToldWatermark;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

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
 * far clocks may be apart. When its last record was read is stored too: if the log has not grown
 * while the task was away, the partition has been quiet all the time.
 */
final class SourceProcessor implements Processor<byte[], RawBatch, byte[], Object> {
  static final String READ_NAME = "read";
  private static final int BROADCAST_RECORDS = 1_000;

  private final StreamContext stream;
  private final Stage stage;
  private final SourceNode source;
  private final EventDecoder<?> decoder;
  private final int stageNumber;
  private StageTask task;
  private StageProgram program;
  private ProcessorContext<byte[], Object> context;
  private OutcomeCounter counter;
  private TopicPartition partition;
  private long watermark = Mark.UNKNOWN;
  private long knownAtMillis;
  private long lastOffset = -1;
  private long position;
  private long quietSinceMillis;
  private boolean stored;
  private int sinceBroadcast;
  private String topicId;
  private int topicNumber;
  private final ToldWatermark told = new ToldWatermark();

  SourceProcessor(StreamContext stream, Stage stage) {
    this.stream = stream;
    this.stage = stage;
    this.source = stage.source();
    this.decoder = stream.decoders().get(source.name());
    this.stageNumber = stream.plan().stages().indexOf(stage);
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    stream.fence().require();
    task = new StageTask(stream, stage, context, this::saveRead);
    program =
        StageProgram.create(
            stream.plan(), stage, stream.grants(), stream.lookups(), stream.clip(), null, task);
    counter = task.counter(source.name());
    partition = new TopicPartition(stream.topics().raw(source), context.taskId().partition());
    topicId = stream.rawTopicId(partition.topic());
    topicNumber = stream.rawTopicNumber(partition.topic());
    byte[] read = task.progress().get(READ_NAME);
    quietSinceMillis = task.nowMillis();
    if (read != null) {
      ReadProgress before = ReadProgress.decode(read);
      watermark = before.watermark();
      knownAtMillis = before.knownAtMillis();
      // The offset of another topic of this name says nothing of this one.
      if (before.topicId().equals(topicId)) {
        lastOffset = before.lastOffset();
        position = before.position();
        quietSinceMillis = Math.min(quietSinceMillis, before.quietSinceMillis());
        stored = true;
      }
    }
    context.schedule(
        stream.settings().broadcastInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> broadcast());
    task.report(Mark.UNKNOWN);
  }

  @Override
  public void process(Record<byte[], RawBatch> batch) {
    for (ConsumerRecord<byte[], byte[]> record : batch.value().records()) {
      process(record);
    }
    task.worked();
  }

  private void process(ConsumerRecord<byte[], byte[]> record) {
    LogRecord.Origin origin =
        new LogRecord.Origin(stageNumber, topicNumber, record.partition(), record.offset());
    requireAbove(record.offset());
    lastOffset = record.offset();
    position = lastOffset + 1;
    quietSinceMillis = task.nowMillis();
    task.processing(origin, record);
    read(record, origin);
    stored = true;
    sinceBroadcast++;
    if (sinceBroadcast >= BROADCAST_RECORDS) {
      broadcast();
    }
  }

  /**
   * Offsets of one topic only grow; the stream must not take a record twice, or one of another. At
   * least once means that it may: what is stored can be ahead of the offset that is committed.
   */
  private void requireAbove(long offset) {
    if (stream.settings().exactlyOnce() && offset <= lastOffset) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "topic '%s' partition %d gives offset %d again after offset %d was processed; the offsets of the stream's consumer group were changed or have expired, or the topic was deleted and created again; begin the stream anew with --reset --from committed"
              .formatted(partition.topic(), partition.partition(), offset, lastOffset));
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record, LogRecord.Origin origin) {
    Object event;
    try {
      event = decoder.decode(RawRecords.of(record));
    } catch (StarfireException e) {
      refuse(record, origin, Outcome.UNDECODABLE, e.getMessage());
      return;
    }
    EventTimes.Checked time =
        stream
            .settings()
            .eventTimes()
            .check(source.timeOf(event), record.timestamp(), task.nowMillis());
    if (!time.isGood()) {
      refuse(record, origin, Outcome.BAD_TIME, time.problem());
      return;
    }
    program.source(event, time.millis());
    long reached = time.millis() - stream.settings().lateness().toMillis();
    if (reached > watermark) {
      watermark = reached;
      knownAtMillis = task.nowMillis();
    }
  }

  private void refuse(
      ConsumerRecord<byte[], byte[]> record,
      LogRecord.Origin origin,
      Outcome outcome,
      String reason) {
    counter.count(
        outcome,
        stream.settings().eventTimes().arrivalMillis(record.timestamp(), task.nowMillis()));
    task.deadLetter(
        task.letter(outcome, reason, source.name(), origin).raw(record.key(), record.value()),
        record.headers());
  }

  private void saveRead() {
    if (stored) {
      task.progress()
          .put(
              READ_NAME,
              new ReadProgress(
                      watermark, knownAtMillis, lastOffset, position, quietSinceMillis, topicId)
                  .encode());
    }
  }

  private void broadcast() {
    sinceBroadcast = 0;
    stream.progress().noteProcessed(partition, lastOffset);
    long readTo = stream.progress().positionAfter(partition, lastOffset);
    if (!stored || readTo > position) {
      // A partition without records has been quiet since it was first looked at.
      position = Math.max(position, readTo);
      stored = true;
    }
    told.reached(watermark, knownAtMillis);
    ToldWatermark.Told may = told.asOf(stream.progress().confirmedAsOfMillis());
    task.broadcast(may.watermark(), may.watermark(), may.knownAtMillis(), idleness());
    task.report(may.watermark());
  }

  private Idleness idleness() {
    long nowMillis = task.nowMillis();
    // A clock that was put back must not make the silence begin in the future.
    quietSinceMillis = Math.min(quietSinceMillis, nowMillis);
    if (nowMillis - quietSinceMillis < stream.settings().idleTimeout().toMillis()) {
      return Idleness.ACTIVE;
    }
    OptionalLong caughtUpAsOf = stream.progress().caughtUpAsOf(partition, lastOffset);
    long confirmedAsOf = stream.progress().confirmedAsOfMillis();
    if (caughtUpAsOf.isEmpty() || confirmedAsOf == Long.MIN_VALUE) {
      return Idleness.ACTIVE;
    }
    return new Idleness(
        Math.min(caughtUpAsOf.getAsLong(), confirmedAsOf)
            - stream.settings().clockSkew().toMillis(),
        quietSinceMillis);
  }

  @Override
  public void close() {
    task.leave(told.asOf(stream.progress().confirmedAsOfMillis()).watermark());
  }
}
