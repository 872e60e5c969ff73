package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.apache.avro.Schema;

/**
 * Writes Avro binary of our schemas as JSON; {@link io.starfire.event.ResultCodec} says how. A
 * union is of null and one type. Stateless; thread-safe.
 */
public final class AvroJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String INSTANT = "timestamp-millis";

  private AvroJson() {}

  /** The JSON of the value that the bytes hold, in UTF-8. */
  public static byte[] write(Schema schema, ByteSource in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * in.remaining());
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(schema, in, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Nothing is written but memory.
    }
    in.requireEnd();
    return out.toByteArray();
  }

  private static void write(Schema schema, ByteSource in, JsonGenerator json) throws IOException {
    switch (schema.getType()) {
      case RECORD -> writeRecord(schema, in, json);
      case UNION -> write(schema.getTypes().get(in.readBranch(2)), in, json);
      case NULL -> json.writeNull();
      case STRING -> json.writeString(in.readString());
      case BOOLEAN -> json.writeBoolean(in.readBoolean());
      case INT -> json.writeNumber(in.readInt());
      case LONG -> writeLong(schema, in.readLong(), json);
      // JSON has no number for NaN and the infinities; the generator writes them as text.
      case FLOAT -> json.writeNumber(in.readFloat());
      case DOUBLE -> json.writeNumber(in.readDouble());
      case ENUM ->
          json.writeString(
              schema.getEnumSymbols().get(in.readBranch(schema.getEnumSymbols().size())));
      case ARRAY -> writeArray(schema, in, json);
      case MAP -> writeMap(schema, in, json);
      case BYTES, FIXED -> throw new IllegalArgumentException("no schema of ours has " + schema);
    }
  }

  private static void writeRecord(Schema schema, ByteSource in, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    for (Schema.Field field : schema.getFields()) {
      json.writeFieldName(AvroNames.declared(field));
      write(field.schema(), in, json);
    }
    json.writeEndObject();
  }

  private static void writeLong(Schema schema, long value, JsonGenerator json) throws IOException {
    if (schema.getLogicalType() != null && schema.getLogicalType().getName().equals(INSTANT)) {
      json.writeString(Instant.ofEpochMilli(value).toString());
    } else {
      json.writeNumber(value);
    }
  }

  private static void writeArray(Schema schema, ByteSource in, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    for (int count = in.readBlockCount(); count > 0; count = in.readBlockCount()) {
      for (int i = 0; i < count; i++) {
        write(schema.getElementType(), in, json);
      }
    }
    json.writeEndArray();
  }

  private static void writeMap(Schema schema, ByteSource in, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    for (int count = in.readBlockCount(); count > 0; count = in.readBlockCount()) {
      for (int i = 0; i < count; i++) {
        json.writeFieldName(in.readString());
        write(schema.getValueType(), in, json);
      }
    }
    json.writeEndObject();
  }
}
