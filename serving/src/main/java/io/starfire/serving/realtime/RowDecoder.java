package io.starfire.serving.realtime;

import io.starfire.decoding.RawRecord;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import java.util.function.LongPredicate;

/** Makes rows of a data source from Kafka records. Not thread-safe. */
@FunctionalInterface
public interface RowDecoder {
  /**
   * Decodes one record.
   *
   * @param record with everything that Kafka has of it; it has a value
   * @param isTaken whether rows of a time, in milliseconds, are taken. A row of another time must
   *     not change the schema.
   * @throws UnknownSchemaException if the row has a schema that is not known yet. The row, and all
   *     that follows it in its Kafka partition, is read again later.
   * @throws RuntimeException if the bytes are not a row. The record then goes to the dead-letter
   *     topic; the reason is the exception's message, and the outcome is UNDECODABLE, or that of a
   *     {@link io.starfire.segment.ingest.RejectedRecordException}.
   */
  Decoded decode(RawRecord record, LongPredicate isTaken);

  /** Tells that the data source has a new schema. Called on any thread. */
  default void registered(DataSourceSchema schema) {}

  /**
   * A row and the schema whose columns it has, in their order.
   *
   * @param schema with the segment granularity of the data source
   */
  record Decoded(DataRow row, DataSourceSchema schema) {}
}
