package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An event whose fields are known only at run time, by its {@link RowSchema}.
 *
 * <p>A method that reads a field throws INVALID_PIPELINE if there is no such field, if the field
 * has another type, or, for a primitive, if it is null. The sentence names the field. An int is
 * also read as a long, and a float as a double. Use {@link EventType#field} to have names and types
 * checked when the pipeline is defined.
 *
 * <p>Immutable and thread-safe. Two rows are equal if their schemas and values are.
 */
public final class Row {
  private final RowSchema schema;
  private final Object[] values;

  /**
   * @param values in order of the fields; they fit the schema, and nobody else has the array
   */
  Row(RowSchema schema, Object[] values) {
    this.schema = schema;
    this.values = values;
  }

  public RowSchema schema() {
    return schema;
  }

  /** The value of a field, which may be null. */
  public Object get(String field) {
    return values[schema.indexOf(field)];
  }

  /** A text; null if an optional field is. */
  public String string(String field) {
    return as(field, String.class);
  }

  public boolean booleanValue(String field) {
    return present(field, as(field, Boolean.class));
  }

  public int intValue(String field) {
    return present(field, as(field, Integer.class));
  }

  /** A long or an int. */
  public long longValue(String field) {
    return number(field, Integer.class, Long.class).longValue();
  }

  public float floatValue(String field) {
    return present(field, as(field, Float.class));
  }

  /** A double or a float. */
  public double doubleValue(String field) {
    return number(field, Float.class, Double.class).doubleValue();
  }

  /** A time; null if an optional field is. */
  public Instant instant(String field) {
    return as(field, Instant.class);
  }

  /** A decimal number; null if an optional field is. */
  public BigDecimal decimal(String field) {
    return as(field, BigDecimal.class);
  }

  /** An unmodifiable list; null if an optional field is. */
  public List<?> list(String field) {
    return as(field, List.class);
  }

  /** An unmodifiable map; null if an optional field is. */
  @SuppressWarnings("unchecked") // the keys of maps are strings
  public Map<String, ?> map(String field) {
    return as(field, Map.class);
  }

  /** A row in this row; null if an optional field is. */
  public Row row(String field) {
    return as(field, Row.class);
  }

  /**
   * A value that may be null.
   *
   * @param type the class of the field's values, such as {@code Long.class}
   */
  public <V> Optional<V> optional(String field, Class<V> type) {
    return Optional.ofNullable(as(field, type));
  }

  /**
   * The same row with another value of a field.
   *
   * @throws StarfireException with INVALID_PIPELINE if the field cannot hold it
   */
  public Row with(String field, Object value) {
    Object[] changed = values.clone();
    int index = schema.indexOf(field);
    changed[index] = schema.checked(index, value);
    return new Row(schema, changed);
  }

  /** For accessors: the row is known to be of the schema. */
  Object value(int index) {
    return values[index];
  }

  private <V> V as(String field, Class<V> type) {
    int index = schema.indexOf(field);
    FieldType stored = schema.fields().get(index).type();
    if (!type.isAssignableFrom(stored.javaType())) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "field '%s' of %s has the type %s, and was read as %s; read it as it is, or cast it first"
              .formatted(field, schema.fullName(), stored, FieldType.nameOf(type)));
    }
    return type.cast(values[index]);
  }

  private Number number(
      String field, Class<? extends Number> narrow, Class<? extends Number> type) {
    Class<?> stored = schema.fields().get(schema.indexOf(field)).type().javaType();
    Class<? extends Number> read = stored == narrow ? narrow : type;
    return present(field, as(field, read));
  }

  private <V> V present(String field, V value) {
    if (value == null) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "field '%s' of %s is null; read it with optional(), or give it a default"
              .formatted(field, schema.fullName()));
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row that
        && schema.equals(that.schema)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * schema.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(schema.name()).append('[');
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(schema.fields().get(i).name()).append('=');
      text.append(values[i]);
    }
    return text.append(']').toString();
  }

  /** A row that is being made. Not thread-safe. */
  public static final class Builder {
    private final RowSchema schema;
    private final Object[] values;

    Builder(RowSchema schema) {
      this.schema = schema;
      this.values = new Object[schema.fields().size()];
    }

    /**
     * Sets a field. Those that are not set are null.
     *
     * @throws StarfireException with INVALID_PIPELINE if there is no such field, or it cannot hold
     *     the value
     */
    public Builder set(String field, Object value) {
      int index = schema.indexOf(requireNonNull(field, "field"));
      values[index] = schema.checked(index, value);
      return this;
    }

    /**
     * The row.
     *
     * @throws StarfireException with INVALID_PIPELINE if a field that is not optional was not set
     */
    public Row build() {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          schema.checked(i, null);
        }
      }
      return new Row(schema, values.clone());
    }
  }
}
