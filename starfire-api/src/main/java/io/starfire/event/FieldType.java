package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.RecordShape.Presence;
import io.starfire.event.internal.ValueType;
import io.starfire.event.internal.ValueType.Kind;
import io.starfire.event.internal.ValueType.Scalar;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The type of a field of a {@link Row}. It is written as {@code string}, {@code long?} (may be
 * null), {@code list<string>} or {@code map<double>}. A field that is not optional must have a
 * value; items of lists and maps may be null. Immutable and thread-safe.
 */
public final class FieldType {
  public static final FieldType STRING = scalar(Kind.STRING, String.class);
  public static final FieldType BOOLEAN = scalar(Kind.BOOLEAN, Boolean.class);
  public static final FieldType INT = scalar(Kind.INT, Integer.class);
  public static final FieldType LONG = scalar(Kind.LONG, Long.class);
  public static final FieldType FLOAT = scalar(Kind.FLOAT, Float.class);
  public static final FieldType DOUBLE = scalar(Kind.DOUBLE, Double.class);
  public static final FieldType INSTANT = scalar(Kind.INSTANT, Instant.class);
  public static final FieldType DECIMAL = scalar(Kind.DECIMAL, BigDecimal.class);

  private static final List<FieldType> SCALARS =
      List.of(STRING, BOOLEAN, INT, LONG, FLOAT, DOUBLE, INSTANT, DECIMAL);

  private final String text;
  private final ValueType valueType;
  private final Class<?> javaType;
  private final boolean optional;

  /** Of a list or a map, that of its items. */
  private final FieldType items;

  /** Of a row. */
  private final RowSchema schema;

  private FieldType(
      String text,
      ValueType valueType,
      Class<?> javaType,
      boolean optional,
      FieldType items,
      RowSchema schema) {
    this.text = text;
    this.valueType = valueType;
    this.javaType = javaType;
    this.optional = optional;
    this.items = items;
    this.schema = schema;
  }

  private static FieldType scalar(Kind kind, Class<?> javaType) {
    // Whether it is a primitive matters for records only.
    return new FieldType(
        kind.name().toLowerCase(Locale.ROOT), new Scalar(kind, false), javaType, false, null, null);
  }

  static FieldType of(Kind kind) {
    return SCALARS.get(Arrays.asList(Kind.values()).indexOf(kind));
  }

  /** What a field whose values are of a class would be called: {@code long} for Long. */
  static String nameOf(Class<?> javaType) {
    return SCALARS.stream()
        .filter(type -> type.javaType.equals(javaType))
        .map(FieldType::toString)
        .findFirst()
        .orElseGet(() -> javaType.getSimpleName().toLowerCase(Locale.ROOT));
  }

  /** A list; its items may be null. */
  public static FieldType list(FieldType items) {
    return new FieldType(
        "list<" + items.required() + ">",
        new ValueType.ListValue(items.valueType),
        List.class,
        false,
        items.required(),
        null);
  }

  /** A map from strings; its values may be null. */
  public static FieldType map(FieldType values) {
    return new FieldType(
        "map<" + values.required() + ">",
        new ValueType.MapValue(values.valueType),
        Map.class,
        false,
        values.required(),
        null);
  }

  /** A row in a row. */
  public static FieldType row(RowSchema schema) {
    return new FieldType(
        "row " + schema.describeFields(),
        new ValueType.RecordValue(schema.shape()),
        Row.class,
        false,
        null,
        schema);
  }

  /**
   * Reads a type as it is written in a configuration.
   *
   * @throws StarfireException with INVALID_INPUT if it is no type of a field
   */
  public static FieldType parse(String text) {
    String name = requireNonNull(text, "text").strip();
    if (name.endsWith("?")) {
      return parse(name.substring(0, name.length() - 1)).optional();
    }
    if (name.startsWith("list<") && name.endsWith(">")) {
      return list(parse(name.substring("list<".length(), name.length() - 1)));
    }
    if (name.startsWith("map<") && name.endsWith(">")) {
      return map(parse(name.substring("map<".length(), name.length() - 1)));
    }
    return SCALARS.stream()
        .filter(type -> type.text.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INVALID_INPUT,
                    "'%s' is no type of a field; use one of %s, list<TYPE> or map<TYPE>, with ? behind it if it may be null"
                        .formatted(name, SCALARS)));
  }

  /** The same type for a field that may be null or missing. */
  public FieldType optional() {
    return new FieldType(text, valueType, javaType, true, items, schema);
  }

  /** The same type for a field that must have a value. */
  public FieldType required() {
    return new FieldType(text, valueType, javaType, false, items, schema);
  }

  public boolean isOptional() {
    return optional;
  }

  /** The class of its values. */
  public Class<?> javaType() {
    return javaType;
  }

  ValueType valueType() {
    return valueType;
  }

  /** Tells types apart that are not equal. */
  String avroText() {
    String inner = schema == null ? text : "row " + schema.shape().avroName();
    String named = items == null ? inner : text.substring(0, text.indexOf('<')) + items.avroText();
    return optional ? named + "?" : named;
  }

  Presence presence() {
    return optional ? Presence.OPTIONAL : Presence.REQUIRED;
  }

  /** Whether a field of this type can hold a value. */
  boolean holds(Object value) {
    if (value == null) {
      return optional;
    }
    if (!javaType.isInstance(value)) {
      return false;
    }
    if (value instanceof Row row) {
      return row.schema().equals(schema);
    }
    if (value instanceof List<?> list) {
      return list.stream().allMatch(items.optional()::holds);
    }
    return !(value instanceof Map<?, ?> map)
        || (map.keySet().stream().allMatch(String.class::isInstance)
            && map.values().stream().allMatch(items.optional()::holds));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldType that
        && text.equals(that.text)
        && optional == that.optional
        && Objects.equals(items, that.items)
        && Objects.equals(schema, that.schema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, optional);
  }

  /** As it is written. */
  @Override
  public String toString() {
    return optional ? text + "?" : text;
  }
}
