package io.starfire.batch.job;

import io.starfire.api.Files;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ResultCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * The columns of a Parquet file of results, from the Avro schema of the results. Lists and maps
 * have the three levels of the <a
 * href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md">Parquet
 * specification</a>. Stateless.
 */
public final class ParquetColumns {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  static final String KEY_VALUE = "key_value";
  static final String KEY = "key";
  static final String VALUE = "value";
  private static final String INSTANT = "timestamp-millis";

  private ParquetColumns() {}

  /**
   * Refuses results that Parquet cannot hold.
   *
   * @throws StarfireException with INVALID_PIPELINE if a record in them has no components
   */
  public static void check(Files<?> files) {
    if (files.format() == Files.Format.PARQUET) {
      MessageType unused = of(schema(ResultCodec.of(files.type())));
    }
  }

  static Schema schema(ResultCodec codec) {
    return new Schema.Parser().parse(codec.schemaJson());
  }

  static MessageType of(Schema results) {
    return new MessageType(results.getName(), fields(results));
  }

  private static List<Type> fields(Schema owner) {
    if (owner.getFields().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s has no components, and a Parquet file has no column for it; write json()"
              .formatted(owner.getFullName()));
    }
    List<Type> fields = new ArrayList<>();
    for (Schema.Field field : owner.getFields()) {
      fields.add(type(field.schema(), ResultCodec.nameOf(field)));
    }
    return fields;
  }

  /** A union is of null and one type. */
  private static Type type(Schema value, String name) {
    if (value.getType() == Schema.Type.UNION) {
      Schema present =
          value.getTypes().stream()
              .filter(each -> each.getType() != Schema.Type.NULL)
              .findFirst()
              .orElseThrow();
      return type(present, Repetition.OPTIONAL, name);
    }
    return type(value, Repetition.REQUIRED, name);
  }

  private static Type type(Schema value, Repetition repetition, String name) {
    return switch (value.getType()) {
      case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
      case LONG -> number(value, repetition, name);
      case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case STRING, ENUM -> text(repetition, name);
      case RECORD ->
          Types.buildGroup(repetition).addFields(fields(value).toArray(Type[]::new)).named(name);
      case ARRAY ->
          Types.buildGroup(repetition)
              .as(LogicalTypeAnnotation.listType())
              .addField(
                  Types.repeatedGroup().addField(type(value.getElementType(), ELEMENT)).named(LIST))
              .named(name);
      case MAP ->
          Types.buildGroup(repetition)
              .as(LogicalTypeAnnotation.mapType())
              .addField(
                  Types.repeatedGroup()
                      .addField(text(Repetition.REQUIRED, KEY))
                      .addField(type(value.getValueType(), VALUE))
                      .named(KEY_VALUE))
              .named(name);
      default -> throw new IllegalArgumentException("no schema of ours has " + value);
    };
  }

  private static Type number(Schema value, Repetition repetition, String name) {
    boolean isInstant =
        value.getLogicalType() != null && value.getLogicalType().getName().equals(INSTANT);
    return isInstant
        ? Types.primitive(PrimitiveTypeName.INT64, repetition)
            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
            .named(name)
        : Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
  }

  private static Type text(Repetition repetition, String name) {
    return Types.primitive(PrimitiveTypeName.BINARY, repetition)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }
}
