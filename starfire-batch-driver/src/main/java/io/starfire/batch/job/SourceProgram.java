package io.starfire.batch.job;

import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.InputRecord;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.EventDecoder;
import io.starfire.event.EventTimes;
import io.starfire.event.Outcome;
import io.starfire.event.SourceSettings;
import io.starfire.kernel.Clip;
import io.starfire.kernel.Lookups;
import io.starfire.kernel.StageProgram;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Reach;
import io.starfire.plan.Stage;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads the records of one source: decodes them, checks their times, drops those that the run does
 * not need, and runs the operators that are fused to the source. An archived record without event
 * time counts at the time of its arrival. For one thread.
 */
final class SourceProgram {
  private final int index;
  private final SourceNode source;
  private final Interval reach;
  private final Interval interval;
  private final EventTimes eventTimes;
  private final long fileReadAtMillis;
  private final int deadLetterBytes;
  private final boolean takesUntimed;
  private final TaskOutcomes.Operator outcomes;
  private final DeliverySink output;
  private final StageProgram program;
  private final EventDecoder<?> decoder;
  private EventDecoder<?> fileDecoder;
  private InputPart.Kind fileKind;
  private byte[] fileHeader;

  SourceProgram(
      RunSettings settings,
      int index,
      Lookups lookups,
      TaskOutcomes outcomes,
      DeliverySink output) {
    Plan plan = settings.plan();
    this.index = index;
    this.source = plan.sources().get(index);
    Reach wholeReach = settings.reach();
    this.reach = wholeReach.of(source);
    this.interval = settings.interval();
    this.eventTimes = EventTimes.from(settings.config());
    this.fileReadAtMillis = settings.beganAtMillis();
    this.deadLetterBytes = settings.deadLetterBytes();
    this.takesUntimed = settings.takesUntimed();
    this.outcomes = outcomes.of(source.name());
    this.output = output;
    this.decoder =
        EventDecoder.of(SourceSettings.from(settings.config(), source.name()), source.type());
    Stage stage = stageOf(plan, source);
    this.program =
        StageProgram.create(
            plan, stage, settings.grants(), lookups, Clip.to(wholeReach), null, output);
  }

  /** The stage that reads a source. */
  static Stage stageOf(Plan plan, SourceNode source) {
    return plan.stages().stream().filter(stage -> stage.head() == source).findFirst().orElseThrow();
  }

  void accept(InputRecord record) {
    Object event;
    try {
      event = decode(record);
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      refuse(record, Outcome.UNDECODABLE, e.getMessage());
      return;
    }
    EventTimes.Checked time =
        eventTimes.check(timeOf(event, record), record.timeMillis(), readAtMillis(record));
    if (!time.isGood()) {
      refuse(record, Outcome.BAD_TIME, time.problem());
    } else if (!reach.contains(time.millis())) {
      outcomes.count(Outcome.MARGIN, time.millis());
    } else {
      program.source(event, time.millis());
    }
  }

  private Instant timeOf(Object event, InputRecord record) {
    try {
      return source.timeOf(event);
    } catch (StarfireException e) {
      throw new StarfireException(
          e.code(), "%s (a record of %s)".formatted(e.getMessage(), record.file()), e);
    }
  }

  /** When the archiver read the record; a record of a file is read when the run begins. */
  private long readAtMillis(InputRecord record) {
    return record.kind() == InputPart.Kind.ARCHIVE ? record.readAtMillis() : fileReadAtMillis;
  }

  private Object decode(InputRecord record) {
    return switch (record.kind()) {
      case ARCHIVE -> decoder.decode(record.raw());
      case PARQUET -> decoder.fromFields(record.fields());
      case EDGE, ROWS ->
          throw new StarfireException(
              ErrorCode.INTERNAL, "an event between stages is no record of a source");
      default -> decoderOfFile(record).decode(record.raw());
    };
  }

  private EventDecoder<?> decoderOfFile(InputRecord record) {
    if (fileDecoder == null
        || fileKind != record.kind()
        || (fileHeader != record.header() && !Arrays.equals(fileHeader, record.header()))) {
      fileKind = record.kind();
      fileHeader = record.header();
      try {
        fileDecoder = decoder.forFile(record.kind().format(), record.header());
      } catch (StarfireException e) {
        // Not one bad record but a file that is wrong as a whole: the run must not go on without.
        throw new StarfireException(
            ErrorCode.CORRUPT, "%s: %s".formatted(record.file(), e.getMessage()), e);
      }
    }
    return fileDecoder;
  }

  private void refuse(InputRecord record, Outcome outcome, String reason) {
    boolean archived = record.kind() == InputPart.Kind.ARCHIVE;
    long arrivedMillis = eventTimes.arrivalMillis(record.timeMillis(), readAtMillis(record));
    if (archived) {
      outcomes.count(outcome, arrivedMillis);
    } else if (takesUntimed) {
      outcomes.countUntimed(outcome);
    }
    if (archived ? interval.contains(arrivedMillis) : takesUntimed) {
      output.write(
          Delivery.deadLetter(
              index, DeadLetterLine.of(source.name(), outcome, reason, record, deadLetterBytes)));
    }
  }
}
