package io.starfire.serving.realtime;

import io.starfire.common.Times;
import io.starfire.event.DataRow;
import io.starfire.event.Outcome;
import io.starfire.segment.ingest.RejectedRecordException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A Kafka record and what became of it: a row, or the reason why it is none.
 *
 * @param source as it came
 * @param row null if rejected
 * @param rejection empty if there is a row
 */
record DecodedRecord(
    ConsumerRecord<byte[], byte[]> source, DataRow row, Optional<Rejection> rejection) {
  /** Characters of a reason; a decoder may quote a value of any length. */
  private static final int MAX_REASON = 1_000;

  /**
   * Decodes a record and judges the row's time.
   *
   * @param oldestMillis the smallest time of a row that is not too old, inclusive
   */
  static DecodedRecord decode(
      ConsumerRecord<byte[], byte[]> source, RowDecoder decoder, long oldestMillis) {
    if (source.value() == null) {
      return rejected(source, Outcome.UNDECODABLE, "the record has no value");
    }
    DataRow row;
    try {
      row = decoder.decode(source.value());
    } catch (RejectedRecordException e) {
      return rejected(source, e.outcome(), reason(e));
    } catch (RuntimeException e) {
      return rejected(source, Outcome.UNDECODABLE, reason(e));
    } catch (StackOverflowError e) {
      // Hostile nesting: the stack is whole again once it is unwound to here.
      return rejected(source, Outcome.UNDECODABLE, "the value is nested too deeply");
    }
    long time = row.timeMillis();
    if (time < Times.MIN_MILLIS || time >= Times.END_MILLIS) {
      return rejected(
          source,
          Outcome.BAD_TIME,
          "the row's time must be in the years 1970 to 9999, got %d ms".formatted(time));
    }
    if (time < oldestMillis) {
      return rejected(
          source,
          Outcome.LATE,
          "the row's time %s is older than is accepted now, which is %s"
              .formatted(Times.format(time), Times.format(oldestMillis)));
    }
    return new DecodedRecord(source, row, Optional.empty());
  }

  static String reason(RuntimeException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "...";
  }

  private static DecodedRecord rejected(
      ConsumerRecord<byte[], byte[]> source, Outcome outcome, String reason) {
    return new DecodedRecord(source, null, Optional.of(new Rejection(outcome, reason)));
  }
}
