package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroJson;
import io.starfire.event.internal.AvroNames;
import io.starfire.event.internal.ByteSink;
import io.starfire.event.internal.ByteSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Writes results for programs that are not Starfire: a result's event time as {@code __time}, then
 * its fields. It starts from the canonical bytes of the event, and so needs no class of it.
 *
 * <p>As Avro it is the <a href="https://avro.apache.org/docs/1.12.0/specification/">single-object
 * encoding</a>: the bytes {@code C3 01}, the CRC-64-AVRO fingerprint of {@link #schemaJson} with
 * its lowest byte first, and the binary form.
 *
 * <p>As JSON it is one object without line feeds. A long is a number with all its digits; an
 * instant is ISO-8601 text in UTC; a decimal is text, with all its digits; NaN and the infinities,
 * which JSON has no numbers for, are the texts {@code "NaN"}, {@code "Infinity"} and {@code
 * "-Infinity"}; enums are their names; null is null.
 *
 * <p>Immutable and thread-safe.
 */
public final class ResultCodec {
  /** The field of the event time. */
  public static final String TIME = DataSourceSchema.TIME_COLUMN;

  private static final int MARKER = 0xC301;
  private static final int MORE_BYTES = 24;

  private final Schema schema;
  private final long fingerprint;

  private ResultCodec(Schema schema) {
    this.schema = schema;
    this.fingerprint = AvroForms.fingerprint(schema);
  }

  /**
   * The codec of results.
   *
   * @param type of the events
   * @throws StarfireException with INVALID_PIPELINE if the events have a field {@code __time}
   */
  public static ResultCodec of(EventType<?> type) {
    Schema events = new Schema.Parser().parse(type.schemaJson());
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field(TIME, AvroForms.INSTANT.schema(), "Event time."));
    for (Schema.Field field : events.getFields()) {
      if (field.name().equals(TIME)) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "%s has a component %s, which is the name of the event time; rename it"
                .formatted(events.getFullName(), TIME));
      }
      fields.add(new Schema.Field(field, field.schema()));
    }
    return new ResultCodec(
        Schema.createRecord(events.getName(), null, events.getNamespace(), false, fields));
  }

  /** The Avro schema of what is written, as JSON. */
  public String schemaJson() {
    return schema.toString();
  }

  /**
   * The name of a field of the schema as the author of the pipeline wrote it. In Avro, characters
   * that its names cannot have are escaped.
   */
  public static String nameOf(Schema.Field field) {
    return AvroNames.declared(field);
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * Writes Avro's single-object encoding.
   *
   * @param timeMillis event time
   * @param event its canonical bytes
   */
  public byte[] avro(long timeMillis, byte[] event) {
    ByteSink out = new ByteSink(event.length + MORE_BYTES);
    out.writeByte(MARKER >>> 8);
    out.writeByte(MARKER & 0xFF);
    out.writeFixedLong(fingerprint);
    out.writeLong(timeMillis);
    out.writeRaw(event);
    return out.toByteArray();
  }

  /**
   * Writes Avro's binary form, without a header.
   *
   * @param timeMillis event time
   * @param event its canonical bytes
   */
  public byte[] binary(long timeMillis, byte[] event) {
    ByteSink out = new ByteSink(event.length + MORE_BYTES);
    out.writeLong(timeMillis);
    out.writeRaw(event);
    return out.toByteArray();
  }

  /**
   * Writes a JSON object, in UTF-8.
   *
   * @param timeMillis event time
   * @param event its canonical bytes
   */
  public byte[] json(long timeMillis, byte[] event) {
    byte[] whole = binary(timeMillis, event);
    return AvroJson.write(schema, new ByteSource(whole, 0, whole.length));
  }
}
