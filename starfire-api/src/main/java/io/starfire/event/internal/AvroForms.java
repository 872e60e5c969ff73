package io.starfire.event.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.RecordShape.Component;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Derives the Avro form of a type, with its schema. */
public final class AvroForms {
  public static final AvroValue INSTANT = AvroScalars.of(ValueType.Kind.INSTANT);
  public static final AvroValue DECIMAL = AvroScalars.of(ValueType.Kind.DECIMAL);

  /** By the class of an enum, or by the shape of a record. */
  private final Map<Object, AvroValue> named = new HashMap<>();

  private AvroForms() {}

  /**
   * The Avro form of a record.
   *
   * @throws StarfireException with INVALID_PIPELINE if a name is not one in Avro
   */
  public static AvroValue ofRecord(RecordShape shape) {
    return guarded(shape.name(), () -> new AvroForms().record(shape));
  }

  /** The Avro form of an enum class. */
  public static AvroValue ofEnum(Class<?> type) {
    return guarded(type.getName(), () -> new AvroForms().enumeration(Shapes.enumType(type)));
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** CRC-64-AVRO of a text's UTF-8 bytes. */
  public static long fingerprint(String text) {
    return SchemaNormalization.fingerprint64(text.getBytes(UTF_8));
  }

  private static AvroValue guarded(String type, Supplier<AvroValue> supplier) {
    try {
      return supplier.get();
    } catch (AvroRuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s has no Avro schema: %s; use names of letters, digits and _"
              .formatted(type, e.getMessage()),
          e);
    }
  }

  private AvroValue value(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return AvroScalars.of(scalar.kind());
    }
    if (type instanceof ValueType.EnumValue enumeration) {
      return enumeration(enumeration);
    }
    if (type instanceof ValueType.OptionalValue optional) {
      return new AvroContainers.OptionalForm(value(optional.inner()));
    }
    if (type instanceof ValueType.ListValue list) {
      return new AvroContainers.ListForm(value(list.element()));
    }
    if (type instanceof ValueType.MapValue map) {
      return new AvroContainers.MapForm(value(map.value()));
    }
    return record(((ValueType.RecordValue) type).shape());
  }

  private AvroValue enumeration(ValueType.EnumValue type) {
    AvroValue known = named.get(type.type());
    if (known != null) {
      return known;
    }
    List<String> symbols = type.constants().stream().<String>map(Enum::name).toList();
    Schema schema =
        Schema.createEnum(name(type.type()), null, type.type().getPackageName(), symbols);
    AvroValue form = new AvroContainers.EnumForm(schema, type.constants());
    named.put(type.type(), form);
    return form;
  }

  private AvroValue record(RecordShape shape) {
    AvroValue known = named.get(shape);
    if (known != null) {
      return known;
    }
    List<Component> components = shape.components();
    AvroRecord.Field[] fields = new AvroRecord.Field[components.size()];
    List<Schema.Field> schemaFields = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      Component component = components.get(i);
      fields[i] = AvroRecord.Field.of(component, value(component.type()));
      Object byDefault = component.isNullable() ? JsonProperties.NULL_VALUE : null;
      Schema.Field field =
          new Schema.Field(component.avroName(), fields[i].schema(), null, byDefault);
      AvroNames.declare(field, component.name());
      schemaFields.add(field);
    }
    Schema schema =
        Schema.createRecord(shape.avroName(), null, shape.avroNamespace(), false, schemaFields);
    AvroValue form = new AvroRecord(schema, shape, fields);
    named.put(shape, form);
    return form;
  }

  /** The class name without its package; nesting is shown by two underscores. */
  static String name(Class<?> type) {
    String name = type.getName();
    return name.substring(name.lastIndexOf('.') + 1).replace("$", "__");
  }
}
