package io.starfire.batch.input;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;

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

  /** Compresses the blocks of a file that is written. */
  public static CodecFactory lz4() {
    return Lz4EdgeCodec.factory();
  }

  /** Avro finds the codec of a file by its name, in a table of its own. */
  static void makeCodecKnown() {
    CodecFactory unused = CodecFactory.addCodec(Lz4EdgeCodec.NAME, Lz4EdgeCodec.factory());
  }

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
