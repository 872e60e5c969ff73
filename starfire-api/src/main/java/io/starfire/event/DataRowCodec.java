package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.Utf8Text;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroNames;
import io.starfire.event.internal.ByteSink;
import io.starfire.event.internal.ByteSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Writes and reads the rows on a data source's topic, in Avro's single-object encoding: the bytes
 * {@code C3 01}, then the CRC-64-AVRO fingerprint of the derived Avro schema (8 bytes, little
 * endian), then the Avro binary of the row.
 *
 * <p>Fields in order: {@code __time} (timestamp-millis), each dimension (null, or a string or an
 * array of nullable strings; a long; a double), and the input of each metric but COUNT (null, or a
 * long or a double; of a sketch null, a string, a long, a double, bytes, or an array of nullable
 * strings). Names that Avro does not allow are escaped. Written canonically, see {@link
 * RecordCodec}.
 *
 * <p>Immutable and thread-safe.
 */
public final class DataRowCodec {
  private static final int MAGIC_1 = 0xC3;
  private static final int MAGIC_2 = 0x01;
  private static final int HEADER_BYTES = 10;
  private static final int INITIAL_BYTES = 160;
  private static final int MAX_RESERVED_ITEMS = 64;

  /** Zig-zag forms of the branches of a union. */
  private static final int NULL_BRANCH = 0;

  private static final int VALUE_BRANCH = 2;
  private static final int LIST_BRANCH = 4;

  private final DataSourceSchema schema;
  private final DimensionSpec[] dimensions;
  private final MetricSpec[] metrics;
  private final String avroSchemaJson;
  private final long fingerprint;

  private DataRowCodec(DataSourceSchema schema) {
    this.schema = requireNonNull(schema, "schema");
    this.dimensions = schema.dimensions().toArray(DimensionSpec[]::new);
    this.metrics = schema.metrics().toArray(MetricSpec[]::new);
    Schema avro = avroSchema(schema);
    this.avroSchemaJson = avro.toString();
    this.fingerprint = AvroForms.fingerprint(avro);
  }

  public static DataRowCodec of(DataSourceSchema schema) {
    return new DataRowCodec(schema);
  }

  public DataSourceSchema schema() {
    return schema;
  }

  /** The derived Avro schema, as JSON. */
  public String avroSchemaJson() {
    return avroSchemaJson;
  }

  /** CRC-64-AVRO of the Avro schema's parsing canonical form. */
  public long fingerprint() {
    return fingerprint;
  }

  /** The fingerprint as 16 hexadecimal digits. */
  public String fingerprintHex() {
    return hex(fingerprint);
  }

  /**
   * The bytes of a row, with their header.
   *
   * @throws StarfireException with INVALID_INPUT if the row does not have the schema's columns
   */
  public byte[] encode(DataRow row) {
    if (row.dimensionCount() != dimensions.length || row.metricCount() != metrics.length) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a row of data source '%s' has %d dimensions and %d metrics, got %d and %d"
              .formatted(
                  schema.name(),
                  dimensions.length,
                  metrics.length,
                  row.dimensionCount(),
                  row.metricCount()));
    }
    ByteSink out = new ByteSink(INITIAL_BYTES);
    out.writeByte(MAGIC_1);
    out.writeByte(MAGIC_2);
    out.writeFixedLong(fingerprint);
    out.writeLong(row.timeMillis());
    for (int i = 0; i < dimensions.length; i++) {
      writeDimension(out, dimensions[i], row.dimension(i));
    }
    for (int i = 0; i < metrics.length; i++) {
      if (metrics[i].aggregation() == MetricSpec.Aggregation.COUNT) {
        continue;
      }
      if (metrics[i].aggregation().isSketch()) {
        SketchInputs.write(out, schema, metrics[i], row.sketchInput(i));
      } else if (row.isMetricNull(i)) {
        out.writeByte(NULL_BRANCH);
      } else {
        out.writeByte(VALUE_BRANCH);
        if (metrics[i].aggregation().type() == ColumnType.LONG) {
          out.writeLong(row.longMetric(i));
        } else {
          out.writeDouble(row.doubleMetric(i));
        }
      }
    }
    return out.toByteArray();
  }

  /**
   * Reads a row, which keeps the bytes: its texts lie in them.
   *
   * @throws StarfireException with INVALID_INPUT if the bytes do not begin with the header, are of
   *     another schema, or are not a whole row and nothing else
   */
  public DataRow decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** Reads a row from {@code length} bytes at {@code offset}. Errors as for {@link #decode}. */
  public DataRow decode(byte[] bytes, int offset, int length) {
    ByteSource in = new ByteSource(bytes, offset, length);
    try {
      readHeader(in, length);
      DataRow row = readBody(in, bytes);
      in.requireEnd();
      return row;
    } catch (DecodingFailure e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%d bytes are not a row of data source '%s': %s"
              .formatted(length, schema.name(), e.describe()),
          e);
    }
  }

  /**
   * The fingerprint in a row's header: that of the schema by which it was written.
   *
   * @throws StarfireException with INVALID_INPUT if the bytes do not begin with a row's header
   */
  public static long fingerprintOf(byte[] bytes) {
    try {
      return readFingerprint(new ByteSource(bytes, 0, bytes.length), bytes.length);
    } catch (DecodingFailure e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%d bytes are not a row of a data source: %s".formatted(bytes.length, e.describe()),
          e);
    }
  }

  /** A fingerprint as 16 hexadecimal digits. */
  public static String hex(long fingerprint) {
    return "%016x".formatted(fingerprint);
  }

  private static long readFingerprint(ByteSource in, int length) {
    if (length < HEADER_BYTES) {
      throw new DecodingFailure("a row begins with a header of 10 bytes");
    }
    int magic = in.readByte() << 8 | in.readByte();
    if (magic != (MAGIC_1 << 8 | MAGIC_2)) {
      throw new DecodingFailure("a row begins with c301, got %04x".formatted(magic));
    }
    return in.readFixedLong();
  }

  private void readHeader(ByteSource in, int length) {
    long found = readFingerprint(in, length);
    if (found != fingerprint) {
      throw new DecodingFailure(
          "they are of the Avro schema with fingerprint %s, and this one has %s"
              .formatted(hex(found), fingerprintHex()));
    }
  }

  private DataRow readBody(ByteSource in, byte[] bytes) {
    String column = DataSourceSchema.TIME_COLUMN;
    try {
      long timeMillis = in.readLong();
      Object[] values = new Object[dimensions.length];
      long[] places = new long[dimensions.length];
      for (int i = 0; i < values.length; i++) {
        column = dimensions[i].name();
        readDimension(in, dimensions[i].type(), i, bytes, values, places);
      }
      long[] bits = new long[metrics.length];
      boolean[] nulls = null;
      Object[] sketchInputs = null;
      for (int i = 0; i < bits.length; i++) {
        if (metrics[i].aggregation() == MetricSpec.Aggregation.COUNT) {
          continue;
        }
        column = metrics[i].name();
        if (metrics[i].aggregation().isSketch()) {
          sketchInputs = sketchInputs == null ? new Object[bits.length] : sketchInputs;
          sketchInputs[i] = SketchInputs.read(in);
        } else if (in.readBranch(2) != 0) {
          bits[i] = readMetricBits(in, metrics[i].aggregation().type());
        } else {
          nulls = nulls == null ? new boolean[bits.length] : nulls;
          nulls[i] = true;
        }
      }
      return new DataRow(timeMillis, values, bytes, places, bits, nulls, sketchInputs);
    } catch (DecodingFailure e) {
      throw e.inside(column);
    }
  }

  private static long readMetricBits(ByteSource in, ColumnType type) {
    return type == ColumnType.LONG ? in.readLong() : Double.doubleToRawLongBits(in.readDouble());
  }

  private static void readDimension(
      ByteSource in, ColumnType type, int at, byte[] bytes, Object[] values, long[] places) {
    int branch = in.readBranch(type == ColumnType.STRING ? 3 : 2);
    if (branch == 0) {
      return;
    }
    if (branch == 2) {
      values[at] = readTexts(in);
      return;
    }
    switch (type) {
      case STRING -> readText(in, at, bytes, values, places);
      case LONG -> values[at] = in.readLong();
      case DOUBLE -> values[at] = in.readDouble();
      case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
    }
  }

  /** A text stays where it is, if it can. */
  private static void readText(
      ByteSource in, int at, byte[] bytes, Object[] values, long[] places) {
    int from = in.skipString();
    int to = in.position();
    if (Utf8Text.isValid(bytes, from, to)) {
      places[at] = DataRow.place(from, to);
    } else {
      values[at] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
  }

  static List<String> readTexts(ByteSource in) {
    int count = in.readBlockCount();
    List<String> texts = new ArrayList<>(Math.min(count, MAX_RESERVED_ITEMS));
    for (; count > 0; count = in.readBlockCount()) {
      for (int i = 0; i < count; i++) {
        texts.add(in.readBranch(2) == 0 ? null : in.readString());
      }
    }
    return Collections.unmodifiableList(texts);
  }

  private void writeDimension(ByteSink out, DimensionSpec dimension, Object value) {
    if (value == null) {
      out.writeByte(NULL_BRANCH);
    } else if (dimension.type() == ColumnType.STRING && value instanceof String text) {
      out.writeByte(VALUE_BRANCH);
      out.writeString(text);
    } else if (dimension.type() == ColumnType.STRING && value instanceof List<?> texts) {
      out.writeByte(LIST_BRANCH);
      writeTexts(out, dimension, texts);
    } else if (dimension.type() == ColumnType.LONG && value instanceof Long number) {
      out.writeByte(VALUE_BRANCH);
      out.writeLong(number);
    } else if (dimension.type() == ColumnType.DOUBLE && value instanceof Double number) {
      out.writeByte(VALUE_BRANCH);
      out.writeDouble(number);
    } else {
      throw wrongType(dimension, value);
    }
  }

  private void writeTexts(ByteSink out, DimensionSpec dimension, List<?> texts) {
    if (!texts.isEmpty()) {
      out.writeLong(texts.size());
      for (Object text : texts) {
        if (text == null) {
          out.writeByte(NULL_BRANCH);
        } else if (text instanceof String string) {
          out.writeByte(VALUE_BRANCH);
          out.writeString(string);
        } else {
          throw wrongType(dimension, text);
        }
      }
    }
    out.writeByte(0);
  }

  private StarfireException wrongType(DimensionSpec dimension, Object value) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "data source '%s': dimension '%s' is a %s column, got a %s"
            .formatted(
                schema.name(), dimension.name(), dimension.type(), value.getClass().getName()));
  }

  private static Schema avroSchema(DataSourceSchema schema) {
    Schema nullType = Schema.create(Schema.Type.NULL);
    Schema text = Schema.create(Schema.Type.STRING);
    Schema nullableLong = Schema.createUnion(nullType, Schema.create(Schema.Type.LONG));
    Schema nullableDouble = Schema.createUnion(nullType, Schema.create(Schema.Type.DOUBLE));
    Schema texts =
        Schema.createUnion(nullType, text, Schema.createArray(Schema.createUnion(nullType, text)));
    List<Schema.Field> fields = new ArrayList<>();
    Schema time = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    fields.add(new Schema.Field(DataSourceSchema.TIME_COLUMN, time));
    for (DimensionSpec dimension : schema.dimensions()) {
      Schema type =
          switch (dimension.type()) {
            case STRING -> texts;
            case LONG -> nullableLong;
            case DOUBLE -> nullableDouble;
            case COMPLEX -> throw new IllegalStateException("a dimension is never COMPLEX");
          };
      fields.add(new Schema.Field(AvroNames.escape(dimension.name()), type));
    }
    for (MetricSpec metric : schema.metrics()) {
      if (metric.aggregation() != MetricSpec.Aggregation.COUNT) {
        Schema type =
            switch (metric.aggregation().type()) {
              case LONG -> nullableLong;
              case COMPLEX -> SketchInputs.avroSchema();
              default -> nullableDouble;
            };
        fields.add(new Schema.Field(AvroNames.escape(metric.name()), type));
      }
    }
    return Schema.createRecord(
        AvroNames.escape(schema.name()), null, "io.starfire.row", false, fields);
  }
}
