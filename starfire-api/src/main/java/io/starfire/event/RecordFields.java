package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.common.Utf8Order;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads components of a record as values of data source columns. Immutable and thread-safe.
 *
 * <p>Integers become LONG columns, and floating-point numbers DOUBLE columns. Strings, enums,
 * booleans and Instants become STRING columns. A list of them becomes a STRING column with several
 * values in a row. The values of a list are sorted, as those of an ingestion spec are: rows with
 * the same values are one group, whatever their order was.
 */
public final class RecordFields {
  private final Class<? extends Record> type;

  private RecordFields(Class<? extends Record> type) {
    this.type = type;
  }

  public static RecordFields of(Class<? extends Record> type) {
    return new RecordFields(type);
  }

  /**
   * The column type of a component.
   *
   * @throws StarfireException with INVALID_PIPELINE if there is no such component, or its type
   *     cannot be a dimension
   */
  public ColumnType columnType(String name) {
    RecordComponent component = component(name);
    Class<?> raw = rawElement(component.getGenericType());
    if (raw == int.class
        || raw == long.class
        || raw == Integer.class
        || raw == Long.class
        || raw == short.class
        || raw == byte.class) {
      return ColumnType.LONG;
    }
    if (raw == float.class || raw == double.class || raw == Float.class || raw == Double.class) {
      return ColumnType.DOUBLE;
    }
    if (isText(raw) || isTextList(component.getGenericType())) {
      return ColumnType.STRING;
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "component '%s' of %s has type %s, which cannot be a dimension; use a string, enum, boolean, Instant, number or a list of strings"
            .formatted(name, type.getName(), component.getGenericType().getTypeName()));
  }

  /**
   * A function from a record to the value for {@link DataRow#dimension}.
   *
   * @throws StarfireException with INVALID_PIPELINE as of {@link #columnType}, or if the component
   *     cannot be read because the record is not public
   */
  public Function<Object, Object> columnReader(String name) {
    RecordComponent component = component(name);
    columnType(name);
    MethodHandle handle;
    try {
      component.getAccessor().setAccessible(true);
      handle =
          MethodHandles.lookup()
              .unreflect(component.getAccessor())
              .asType(java.lang.invoke.MethodType.methodType(Object.class, Object.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "component '%s' of %s cannot be read; make the record public".formatted(name, type),
          e);
    }
    return event -> columnValue(read(handle, event));
  }

  private static Object read(MethodHandle handle, Object event) {
    try {
      return (Object) handle.invokeExact(event);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new StarfireException(ErrorCode.INTERNAL, "a record accessor threw " + e, e);
    }
  }

  private static Object columnValue(Object value) {
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

  private RecordComponent component(String name) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INVALID_PIPELINE,
                    "record %s has no component '%s'; it has %s"
                        .formatted(
                            type.getName(),
                            name,
                            Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList())));
  }

  private static boolean isText(Class<?> raw) {
    return raw == String.class
        || raw == boolean.class
        || raw == Boolean.class
        || raw == Instant.class
        || raw.isEnum();
  }

  private static boolean isTextList(Type generic) {
    return generic instanceof ParameterizedType parameterized
        && parameterized.getRawType() == List.class
        && isText(rawElement(parameterized.getActualTypeArguments()[0]));
  }

  /** The class itself, or what an Optional holds. */
  private static Class<?> rawElement(Type generic) {
    if (generic instanceof Class<?> plain) {
      return plain;
    }
    if (generic instanceof ParameterizedType parameterized
        && parameterized.getRawType() == Optional.class) {
      return rawElement(parameterized.getActualTypeArguments()[0]);
    }
    return Object.class;
  }
}
