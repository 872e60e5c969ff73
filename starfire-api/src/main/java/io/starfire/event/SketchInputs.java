package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.ByteSink;
import io.starfire.event.internal.ByteSource;
import java.util.List;
import org.apache.avro.Schema;

/** The inputs of metrics that are sketches, in Avro: a union of what can be counted. Stateless. */
final class SketchInputs {
  private static final int BRANCHES = 6;

  private SketchInputs() {}

  static Schema avroSchema() {
    Schema nullType = Schema.create(Schema.Type.NULL);
    Schema text = Schema.create(Schema.Type.STRING);
    return Schema.createUnion(
        nullType,
        text,
        Schema.create(Schema.Type.LONG),
        Schema.create(Schema.Type.DOUBLE),
        Schema.create(Schema.Type.BYTES),
        Schema.createArray(Schema.createUnion(nullType, text)));
  }

  static Object read(ByteSource in) {
    return switch (in.readBranch(BRANCHES)) {
      case 0 -> null;
      case 1 -> in.readString();
      case 2 -> (Object) in.readLong();
      case 3 -> (Object) in.readDouble();
      case 4 -> in.readBytes();
      default -> DataRowCodec.readTexts(in);
    };
  }

  static void write(ByteSink out, DataSourceSchema schema, MetricSpec metric, Object value) {
    if (value == null) {
      out.writeLong(0);
    } else if (value instanceof String text) {
      out.writeLong(1);
      out.writeString(text);
    } else if (value instanceof Long number) {
      out.writeLong(2);
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeLong(3);
      out.writeDouble(number);
    } else if (value instanceof byte[] sketch) {
      out.writeLong(4);
      out.writeBytes(sketch);
    } else if (value instanceof List<?> texts && texts.stream().allMatch(SketchInputs::isText)) {
      out.writeLong(5);
      writeTexts(out, texts);
    } else {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': the input of metric '%s' must be a String, a List of Strings, a Long, a Double or the bytes of a sketch, got a %s"
              .formatted(schema.name(), metric.name(), value.getClass().getName()));
    }
  }

  private static boolean isText(Object element) {
    return element == null || element instanceof String;
  }

  private static void writeTexts(ByteSink out, List<?> texts) {
    if (!texts.isEmpty()) {
      out.writeLong(texts.size());
      for (Object text : texts) {
        out.writeLong(text == null ? 0 : 1);
        if (text != null) {
          out.writeString((String) text);
        }
      }
    }
    out.writeByte(0);
  }
}
