package io.starfire.serving.realtime;

import io.starfire.event.DataRow;

/** Makes a row of a data source from the bytes of a Kafka record. Called by one thread. */
@FunctionalInterface
public interface RowDecoder {
  /**
   * Decodes one value.
   *
   * @param value the record's value, never null
   * @throws RuntimeException if the bytes are not a row; the record then goes to the dead-letter
   *     topic with the exception's message as the reason, as UNDECODABLE, or as a {@link
   *     io.starfire.segment.ingest.RejectedRecordException} says
   */
  DataRow decode(byte[] value);
}
