package io.starfire.batch.input;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * The files between two jobs: Avro container files. An event is stored with its key, if it has one,
 * its event time and its canonical bytes. A row of a data source is stored in the same way, in the
 * form of {@link io.starfire.event.DataRowCodec}. Stateless.
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
