package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroNames;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.RecordShape.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The fields of {@link Row}s, known only at run time: written in code, in a configuration, or as an
 * Avro schema. Immutable and thread-safe.
 *
 * <p>Two schemas are equal if they have the same fields in the same order. The name is for
 * messages: streams of rows may come together whatever their schemas are called.
 */
public final class RowSchema extends EventType<Row> {
  private static final String NAMESPACE = "rows";
  private static final MethodHandle VALUE;

  static {
    try {
      VALUE =
          MethodHandles.lookup()
              .findVirtual(Row.class, "value", MethodType.methodType(Object.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final List<Field> fields;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final RecordShape shape;
  private final RecordCodec<Row> codec;

  /**
   * A schema.
   *
   * @param name for messages
   * @throws StarfireException with INVALID_PIPELINE if a name is empty or a field is there twice
   */
  public RowSchema(String name, List<Field> fields) {
    this.name = requireNonNull(name, "name");
    this.fields = List.copyOf(fields);
    if (name.isBlank()) {
      throw invalid("a schema of rows needs a name");
    }
    for (Field field : fields) {
      if (indexes.put(field.name(), indexes.size()) != null) {
        throw invalid(
            "the schema of rows '%s' has two fields named '%s'".formatted(name, field.name()));
      }
    }
    this.shape = makeShape();
    this.codec = new RecordCodec<>(this);
  }

  /** A schema without fields; add them with {@link #with}. */
  public static RowSchema named(String name) {
    return new RowSchema(name, List.of());
  }

  /**
   * Reads a schema: fields such as {@code id string, city string?, tags list<string>}, or the JSON
   * of an Avro record. {@link FieldType} says which types there are.
   *
   * @param name of the schema; an Avro schema's own name is not used
   * @throws StarfireException with INVALID_INPUT if the text is no schema; the message says where
   */
  public static RowSchema parse(String name, String text) {
    return RowSchemaText.parse(name, text);
  }

  /** The same schema with another field at its end. */
  public RowSchema with(String field, FieldType type) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(field, type));
    return new RowSchema(name, more);
  }

  public List<Field> fields() {
    return fields;
  }

  /** Begins a row. */
  public Row.Builder row() {
    return new Row.Builder(this);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String fullName() {
    return "rows of '" + name + "'";
  }

  @Override
  public RecordCodec<Row> codec() {
    return codec;
  }

  @Override
  RecordShape shape() {
    return shape;
  }

  @Override
  RowForm inRow(int index) {
    return RowForm.of(fields.get(index).type());
  }

  @Override
  Row cast(Object event) {
    return (Row) event;
  }

  /** The place of a field. */
  int indexOf(String field) {
    Integer index = indexes.get(field);
    if (index == null) {
      throw invalid(
          "there is no field '%s' in %s; there are %s"
              .formatted(field, fullName(), fields.stream().map(Field::name).toList()));
    }
    return index;
  }

  /** A value that fits a field; lists and maps are copied. */
  Object checked(int index, Object value) {
    return fields.get(index).checked(value);
  }

  private static Object copied(Object value) {
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>(list.size());
      list.forEach(item -> items.add(copied(item)));
      return Collections.unmodifiableList(items);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((key, item) -> entries.put(key, copied(item)));
      return Collections.unmodifiableMap(entries);
    }
    return value;
  }

  private RecordShape makeShape() {
    List<Component> components = new ArrayList<>();
    for (Field field : fields) {
      components.add(
          new Component(
              field.name(),
              AvroNames.escape(field.name()),
              field.type().valueType(),
              field.type().presence(),
              field.type().javaType(),
              MethodHandles.insertArguments(VALUE, 1, components.size())
                  .asType(MethodType.methodType(Object.class, Object.class))));
    }
    return new RecordShape(fullName(), NAMESPACE, avroName(), components, new Rows(this));
  }

  /** Made of the fields: schemas have one name in Avro exactly if they are equal. */
  private String avroName() {
    String text =
        fields.stream()
            .map(field -> AvroNames.escape(field.name()) + " " + field.type().avroText())
            .collect(Collectors.joining(","));
    return "Row_%016x".formatted(AvroForms.fingerprint(text));
  }

  /** Makes rows, and refuses those of another schema. */
  @SuppressWarnings(
      "ReferenceEquality") // it is nearly always the same object, and equals compares all fields
  private record Rows(RowSchema schema) implements RecordShape.Instances {
    @Override
    public Object make(Object[] values) {
      return new Row(schema, values);
    }

    @Override
    public void check(Object value) {
      if (value instanceof Row row && row.schema() != schema && !row.schema().equals(schema)) {
        throw invalid(
            "a row of the schema %s was given where %s is expected"
                .formatted(row.schema().describe(), schema.describe()));
      }
    }
  }

  /** The name and the fields, as they are written. */
  @Override
  public String describe() {
    return name + " " + describeFields();
  }

  String describeFields() {
    return fields.stream().map(Field::toString).collect(Collectors.joining(", ", "(", ")"));
  }

  private static StarfireException invalid(String message) {
    return new StarfireException(ErrorCode.INVALID_PIPELINE, message);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof RowSchema that && fields.equals(that.fields));
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** A field of a schema. */
  public record Field(String name, FieldType type) {
    public Field {
      requireNonNull(type, "type");
      if (requireNonNull(name, "name").isBlank()) {
        throw invalid("a field of a row needs a name");
      }
    }

    /**
     * A value that fits the field; lists and maps are copied.
     *
     * @throws StarfireException with INVALID_PIPELINE if it does not fit
     */
    public Object checked(Object value) {
      if (!type.holds(value)) {
        throw invalid(
            "field '%s' is a %s, and cannot hold %s"
                .formatted(
                    name,
                    type,
                    value == null ? "null" : "the %s %s".formatted(kind(value), value)));
      }
      return copied(value);
    }

    private static String kind(Object value) {
      if (value instanceof List) {
        return "List";
      }
      return value instanceof Map ? "Map" : value.getClass().getSimpleName();
    }

    @Override
    public String toString() {
      return name + " " + type;
    }
  }
}
