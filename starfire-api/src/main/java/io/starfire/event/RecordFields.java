package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.common.Utf8Order;
import io.starfire.event.internal.RecordShape.Component;
import io.starfire.event.internal.ValueType;
import io.starfire.event.internal.ValueType.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Reads fields of events as values of data source columns. Immutable and thread-safe.
 *
 * <p>Integers become LONG columns, and floating-point numbers DOUBLE columns. Strings, enums,
 * booleans and Instants become STRING columns. A list of them becomes a STRING column with several
 * values in a row. The values of a list are sorted, as those of an ingestion spec are: rows with
 * the same values are one group, whatever their order was.
 */
public final class RecordFields {
  private final EventType<?> type;

  private RecordFields(EventType<?> type) {
    this.type = type;
  }

  public static RecordFields of(EventType<?> type) {
    return new RecordFields(type);
  }

  /**
   * The column type of a component.
   *
   * @throws StarfireException with INVALID_PIPELINE if there is no such component, or its type
   *     cannot be a dimension
   */
  public ColumnType columnType(String name) {
    Component component = type.component(name);
    ValueType value = element(component.type());
    if (value instanceof ValueType.ListValue list && isText(element(list.element()))) {
      return ColumnType.STRING;
    }
    if (isText(value)) {
      return ColumnType.STRING;
    }
    if (value instanceof ValueType.Scalar scalar && scalar.kind() != Kind.DECIMAL) {
      boolean integer = scalar.kind() == Kind.INT || scalar.kind() == Kind.LONG;
      return integer ? ColumnType.LONG : ColumnType.DOUBLE;
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "field '%s' of %s is a %s, which cannot be a dimension; use a string, enum, boolean, Instant, number or a list of strings"
            .formatted(name, type.fullName(), component.javaType().getSimpleName()));
  }

  /**
   * A function from an event to the value for {@link DataRow#dimension}.
   *
   * @throws StarfireException with INVALID_PIPELINE as of {@link #columnType}
   */
  public Function<Object, Object> columnReader(String name) {
    columnType(name);
    Function<?, Object> reader = type.field(name, Object.class);
    return event -> columnValue(apply(reader, event));
  }

  /**
   * A function from an event to the input of a metric of all numbers; null where there is none.
   *
   * @param metric its name, for messages
   * @throws StarfireException with INVALID_PIPELINE if the field is no number
   */
  public Function<Object, Object> numberReader(String metric, String name) {
    Function<Object, Number> reader = metricReader(metric, name, true, "number");
    return event -> {
      Number value = reader.apply(event);
      return value == null ? null : (Object) value.doubleValue();
    };
  }

  /**
   * A function from an event to the input of a metric of longs.
   *
   * @param metric its name, for messages
   * @param nullIsZero whether null adds nothing; else a field that may be null is refused
   * @throws StarfireException with INVALID_PIPELINE if the field is no int or long
   */
  public ToLongFunction<Object> longMetric(String metric, String name, boolean nullIsZero) {
    Function<Object, Number> reader = metricReader(metric, name, nullIsZero, "int or long");
    return event -> {
      Number value = reader.apply(event);
      return value == null ? 0 : value.longValue();
    };
  }

  /** The same for a metric of doubles, as raw bits; the field is a number of any type. */
  public ToLongFunction<Object> doubleMetric(String metric, String name, boolean nullIsZero) {
    Function<Object, Number> reader = metricReader(metric, name, nullIsZero, "number");
    return event -> {
      Number value = reader.apply(event);
      return Double.doubleToRawLongBits(value == null ? 0 : value.doubleValue());
    };
  }

  private Function<Object, Number> metricReader(
      String metric, String name, boolean nullIsZero, String expected) {
    Component component = type.component(name);
    boolean whole = component.javaType() == Integer.class || component.javaType() == Long.class;
    boolean number = Number.class.isAssignableFrom(component.javaType());
    if (!(whole || (number && expected.equals("number")))) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "metric '%s': field '%s' of %s is a %s, and must be of type %s"
              .formatted(
                  metric, name, type.fullName(), component.javaType().getSimpleName(), expected));
    }
    if (component.isNullable() && !nullIsZero) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "metric '%s': field '%s' of %s may be null, and a minimum or maximum needs a value; give it a default"
              .formatted(metric, name, type.fullName()));
    }
    Function<?, Number> reader = type.field(name, Number.class);
    return event -> apply(reader, event);
  }

  @SuppressWarnings("unchecked") // the events are of the type
  private static <V> V apply(Function<?, V> reader, Object event) {
    return ((Function<Object, V>) reader).apply(event);
  }

  /** A value of an event as a column has it: null, a String, a List, a Long or a Double. */
  public static Object columnValue(Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Long
        || value instanceof Double) {
      return value;
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof Number number) {
      return number.longValue();
    }
    if (value instanceof Optional<?> optional) {
      return columnValue(optional.orElse(null));
    }
    if (value instanceof List<?> list) {
      List<String> values = new ArrayList<>(list.size());
      list.forEach(element -> values.add((String) columnValue(element)));
      values.sort(Utf8Order.COMPARATOR);
      return values;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    return value instanceof Instant instant
        ? Times.format(instant.toEpochMilli())
        : value.toString();
  }

  private static boolean isText(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalar.kind() == Kind.STRING
          || scalar.kind() == Kind.BOOLEAN
          || scalar.kind() == Kind.INSTANT;
    }
    return type instanceof ValueType.EnumValue;
  }

  /** The type itself, or what an Optional holds. */
  private static ValueType element(ValueType type) {
    return type instanceof ValueType.OptionalValue optional ? optional.inner() : type;
  }
}
