package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.RowSchema.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Reads schemas of rows from text. Stateless. */
final class RowSchemaText {
  private final String name;

  private RowSchemaText(String name) {
    this.name = name;
  }

  static RowSchema parse(String name, String text) {
    RowSchemaText reader = new RowSchemaText(name);
    String schema = text.strip();
    if (schema.isEmpty()) {
      throw reader.broken("it is empty; write fields such as 'id string, city string?'");
    }
    try {
      return new RowSchema(
          name, schema.startsWith("{") ? reader.avro(schema) : reader.fields(schema));
    } catch (StarfireException e) {
      throw e.code() == ErrorCode.INVALID_PIPELINE ? reader.broken(e.getMessage()) : e;
    }
  }

  /** Fields with commas between them. */
  private List<Field> fields(String text) {
    List<Field> fields = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      String[] words = item.strip().split("\\s+", 2);
      if (words.length < 2) {
        throw broken(
            "'%s' is no field; write its name, then its type, such as 'city string?'"
                .formatted(item.strip()));
      }
      try {
        fields.add(new Field(words[0], FieldType.parse(words[1])));
      } catch (StarfireException e) {
        throw broken("field '%s': %s".formatted(words[0], e.getMessage()));
      }
    }
    return fields;
  }

  private List<Field> avro(String json) {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(json);
    } catch (AvroRuntimeException e) {
      throw broken("it is no Avro schema: " + e.getMessage());
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw broken("its Avro type is a %s, and must be a record".formatted(schema.getType()));
    }
    return fields(schema, "");
  }

  private List<Field> fields(Schema schema, String path) {
    List<Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      fields.add(new Field(field.name(), type(field.schema(), path + field.name())));
    }
    return fields;
  }

  private FieldType type(Schema schema, String path) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case STRING, ENUM -> FieldType.STRING;
      case BOOLEAN -> FieldType.BOOLEAN;
      case INT -> FieldType.INT;
      case LONG -> isTime(logical) ? FieldType.INSTANT : FieldType.LONG;
      case FLOAT -> FieldType.FLOAT;
      case DOUBLE -> FieldType.DOUBLE;
      case BYTES, FIXED -> decimal(schema, path);
      case ARRAY -> FieldType.list(type(schema.getElementType(), path));
      case MAP -> FieldType.map(type(schema.getValueType(), path));
      case RECORD -> FieldType.row(new RowSchema(schema.getFullName(), fields(schema, path + ".")));
      case UNION -> union(schema, path);
      case NULL -> throw broken("field '%s' is always null; leave it out".formatted(path));
    };
  }

  private static boolean isTime(LogicalType logical) {
    return logical instanceof LogicalTypes.TimestampMillis
        || logical instanceof LogicalTypes.TimestampMicros;
  }

  private FieldType decimal(Schema schema, String path) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal) {
      return FieldType.DECIMAL;
    }
    throw broken("field '%s' holds plain bytes, which a row cannot; leave it out".formatted(path));
  }

  private FieldType union(Schema schema, String path) {
    List<Schema> others =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    if (others.size() != 1) {
      throw broken(
          "field '%s' is a union of %s; only a union of null and one type can be read"
              .formatted(path, schema.getTypes()));
    }
    FieldType type = type(others.get(0), path);
    return schema.isNullable() ? type.optional() : type;
  }

  private StarfireException broken(String what) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the schema of rows '%s' cannot be read: %s".formatted(name, what));
  }
}
