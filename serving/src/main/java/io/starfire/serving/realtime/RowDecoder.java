package io.starfire.serving.realtime;

import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;

/** Makes a row of a data source from the bytes of a Kafka record. Used by one thread. */
@FunctionalInterface
public interface RowDecoder {
  /**
   * Decodes one value.
   *
   * @param value the record's value, never null
   * @throws UnknownSchemaException if the row is of a schema that is not known yet; it is read
   *     again later, and so is all that follows it in its Kafka partition
   * @throws RuntimeException if the bytes are not a row; the record then goes to the dead-letter
   *     topic with the exception's message as the reason, as UNDECODABLE, or as a {@link
   *     io.starfire.segment.ingest.RejectedRecordException} says
   */
  Decoded decode(byte[] value);

  /** From any thread: the data source has another schema now. */
  default void registered(DataSourceSchema schema) {}

  /**
   * A row and the schema whose columns it has, in their order.
   *
   * @param schema with the segment granularity of the data source
   */
  record Decoded(DataRow row, DataSourceSchema schema) {}
}
