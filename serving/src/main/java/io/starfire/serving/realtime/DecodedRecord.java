package io.starfire.serving.realtime;

import io.starfire.event.Outcome;
import io.starfire.kafka.RawRecords;
import io.starfire.segment.ingest.RejectedRecordException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A Kafka record and what became of it: a row, or the reason why it is none.
 *
 * @param source as it came
 * @param decoded null if rejected
 * @param rejection empty if there is a row
 */
record DecodedRecord(
    ConsumerRecord<byte[], byte[]> source,
    RowDecoder.Decoded decoded,
    Optional<Rejection> rejection) {
  /** Characters of a reason; a decoder may quote a value of any length. */
  private static final int MAX_REASON = 1_000;

  /**
   * Decodes a record and judges the row's time.
   *
   * @param bounds of the times of rows that are read now
   * @throws UnknownSchemaException if the record has to be decoded again later
   */
  static DecodedRecord decode(
      ConsumerRecord<byte[], byte[]> source, RowDecoder decoder, TimeBounds bounds) {
    if (source.value() == null) {
      return rejected(source, Outcome.UNDECODABLE, "the record has no value");
    }
    RowDecoder.Decoded decoded;
    try {
      decoded = decoder.decode(RawRecords.of(source), bounds::takes);
    } catch (UnknownSchemaException e) {
      throw e;
    } catch (RejectedRecordException e) {
      return rejected(source, e.outcome(), reason(e));
    } catch (RuntimeException e) {
      return rejected(source, Outcome.UNDECODABLE, reason(e));
    } catch (StackOverflowError e) {
      // Hostile nesting: the stack is whole again once it is unwound to here.
      return rejected(source, Outcome.UNDECODABLE, "the value is nested too deeply");
    }
    long time = decoded.row().timeMillis();
    return new DecodedRecord(source, decoded, bounds.rejection(time));
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
