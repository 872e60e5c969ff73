package io.starfire.batch.input;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * The form of what one job leaves for the next: Avro container files of events, each with its key,
 * if it has one, its event time and its canonical bytes; rows of a data source likewise, as {@link
 * io.starfire.event.DataRowCodec} writes them. Stateless.
 */
public final class EdgeFiles {
  public static final String KEY = "key";
  public static final String TIME = "time";
  public static final String VALUE = "value";

  private EdgeFiles() {}

  public static Schema schema() {
    return SchemaBuilder.record("Delivery")
        .namespace("io.starfire.batch")
        .fields()
        .optionalBytes(KEY)
        .requiredLong(TIME)
        .requiredBytes(VALUE)
        .endRecord();
  }
}
