package io.starfire.event.internal;

import static java.lang.invoke.MethodType.methodType;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.RecordShape.Component;
import io.starfire.event.internal.RecordShape.Presence;
import io.starfire.event.internal.ValueType.Kind;
import io.starfire.event.internal.ValueType.Scalar;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Derives {@link RecordShape}s from record classes by reflection, which is used here and never
 * again once a codec exists. The error messages are for the author of a pipeline.
 */
public final class Shapes {
  private static final String SUPPORTED =
      "String, boolean, int, long, float, double and their boxes, Instant, BigDecimal, enums,"
          + " Optional<X>, List<X>, Map<String, X> and further records";

  private static final Map<Class<?>, Scalar> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, new Scalar(Kind.STRING, false)),
          Map.entry(boolean.class, new Scalar(Kind.BOOLEAN, true)),
          Map.entry(Boolean.class, new Scalar(Kind.BOOLEAN, false)),
          Map.entry(int.class, new Scalar(Kind.INT, true)),
          Map.entry(Integer.class, new Scalar(Kind.INT, false)),
          Map.entry(long.class, new Scalar(Kind.LONG, true)),
          Map.entry(Long.class, new Scalar(Kind.LONG, false)),
          Map.entry(float.class, new Scalar(Kind.FLOAT, true)),
          Map.entry(Float.class, new Scalar(Kind.FLOAT, false)),
          Map.entry(double.class, new Scalar(Kind.DOUBLE, true)),
          Map.entry(Double.class, new Scalar(Kind.DOUBLE, false)),
          Map.entry(Instant.class, new Scalar(Kind.INSTANT, false)),
          Map.entry(BigDecimal.class, new Scalar(Kind.DECIMAL, false)));

  private static final ClassValue<RecordShape> CACHE =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new Shapes().record(type);
        }
      };

  private final Map<Class<?>, RecordShape> done = new HashMap<>();
  private final Set<Class<?>> enclosing = new LinkedHashSet<>();

  private Shapes() {}

  /**
   * The shape of a record class.
   *
   * @throws StarfireException with INVALID_PIPELINE if it is no record, holds a component of an
   *     unsupported type, or may not be accessed
   */
  public static RecordShape of(Class<?> recordType) {
    return CACHE.get(recordType);
  }

  /** The type of a class that is written as one item: a scalar or an enum; else nothing. */
  public static Optional<ValueType> scalar(Class<?> type) {
    if (type.isEnum() && type.getEnumConstants().length > 0) {
      return Optional.of(enumType(type));
    }
    return Optional.ofNullable(SCALARS.get(type));
  }

  private RecordShape record(Class<?> type) {
    RecordShape known = done.get(type);
    if (known != null) {
      return known;
    }
    if (!type.isRecord()) {
      throw refuse("%s is not a record; event types are Java records".formatted(type.getName()));
    }
    if (type.getTypeParameters().length > 0) {
      throw refuse(
          "record %s has type parameters; write a record without them".formatted(type.getName()));
    }
    if (!enclosing.add(type)) {
      throw refuse(
          "record %s contains itself; event types must not be recursive".formatted(type.getName()));
    }
    MethodHandles.Lookup lookup = lookup(type);
    List<Component> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(component(type, component, lookup));
    }
    RecordShape shape =
        new RecordShape(
            type.getName(),
            type.getPackageName(),
            AvroForms.name(type),
            components,
            new Constructor(type.getName(), constructor(type, lookup)));
    enclosing.remove(type);
    done.put(type, shape);
    return shape;
  }

  private Component component(
      Class<?> type, RecordComponent component, MethodHandles.Lookup lookup) {
    ValueType valueType = value(type, component.getName(), component.getGenericType());
    Class<?> erased = component.getType().isPrimitive() ? component.getType() : Object.class;
    try {
      MethodHandle accessor = lookup.unreflect(component.getAccessor());
      return new Component(
          component.getName(),
          component.getName(),
          valueType,
          presence(valueType),
          methodType(component.getType()).wrap().returnType(),
          accessor.asType(methodType(erased, Object.class)));
    } catch (IllegalAccessException e) {
      throw inaccessible(type, e);
    }
  }

  private static Presence presence(ValueType type) {
    if (type instanceof ValueType.OptionalValue) {
      return Presence.OPTIONAL;
    }
    return type instanceof Scalar scalar && scalar.primitive()
        ? Presence.REQUIRED
        : Presence.NULLABLE;
  }

  /** Calls the constructor of a record class. */
  private record Constructor(String type, MethodHandle handle) implements RecordShape.Instances {
    @Override
    public Object make(Object[] values) {
      try {
        return (Object) handle.invokeExact(values);
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        throw new DecodingFailure(
            "the constructor of %s refuses the values: %s".formatted(type, e), e);
      }
    }
  }

  private static MethodHandle constructor(Class<?> type, MethodHandles.Lookup lookup) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return lookup
          .findConstructor(type, methodType(void.class, parameters))
          .asFixedArity()
          .asSpreader(Object[].class, parameters.length)
          .asType(methodType(Object.class, Object[].class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw inaccessible(type, e);
    }
  }

  private ValueType value(Class<?> owner, String component, Type type) {
    if (type instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 0) {
      return value(owner, component, wildcard.getUpperBounds()[0]);
    }
    if (type instanceof ParameterizedType parameterized) {
      return container(owner, component, parameterized);
    }
    if (type instanceof Class<?> plain) {
      Scalar scalar = SCALARS.get(plain);
      if (scalar != null) {
        return scalar;
      }
      if (plain.isRecord()) {
        return new ValueType.RecordValue(record(plain));
      }
      if (plain.isEnum() && plain.getEnumConstants().length > 0) {
        return enumType(plain);
      }
      if (plain.isArray()) {
        throw refuse(
            "record %s, component '%s': arrays such as %s have no equality by content; use a List"
                .formatted(owner.getName(), component, plain.getTypeName()));
      }
    }
    throw unsupported(owner, component, type);
  }

  private ValueType container(Class<?> owner, String component, ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      return new ValueType.ListValue(value(owner, component, arguments[0]));
    }
    if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return new ValueType.MapValue(value(owner, component, arguments[1]));
    }
    if (type.getRawType() == Optional.class) {
      ValueType inner = value(owner, component, arguments[0]);
      if (!(inner instanceof ValueType.OptionalValue)) {
        return new ValueType.OptionalValue(inner);
      }
    }
    throw unsupported(owner, component, type);
  }

  /** The type of an enum class itself. */
  static ValueType.EnumValue enumType(Class<?> type) {
    List<Enum<?>> constants = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      constants.add((Enum<?>) constant);
    }
    return new ValueType.EnumValue(type, List.copyOf(constants));
  }

  private static MethodHandles.Lookup lookup(Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    } catch (IllegalAccessException e) {
      throw inaccessible(type, e);
    }
  }

  private static StarfireException inaccessible(Class<?> type, Exception cause) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "record %s may not be accessed (%s); open its package to Starfire, or put it on the class path"
            .formatted(type.getName(), cause.getMessage()),
        cause);
  }

  private static StarfireException unsupported(Class<?> owner, String component, Type type) {
    return refuse(
        "record %s, component '%s': type %s is not supported; use one of %s"
            .formatted(owner.getName(), component, type.getTypeName(), SUPPORTED));
  }

  private static StarfireException refuse(String message) {
    return new StarfireException(ErrorCode.INVALID_PIPELINE, message);
  }
}
