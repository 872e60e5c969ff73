package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.TimeFormat;
import io.starfire.event.internal.RecordShape.Component;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Derives readers of loosely typed data from value types. */
public final class DataReaders {
  private DataReaders() {}

  /**
   * A reader of records.
   *
   * @param fields names in the data by names of components, where they differ
   * @param timeFormats of each component of the record
   */
  public static RecordReader record(
      RecordShape shape, Map<String, String> fields, Function<String, TimeFormat> timeFormats) {
    ValueReader[] readers = new ValueReader[shape.components().size()];
    List<String> names = new ArrayList<>();
    for (Component component : shape.components()) {
      readers[names.size()] = of(component.type(), timeFormats.apply(component.name()));
      names.add(fields.getOrDefault(component.name(), component.name()));
    }
    return new RecordReader(shape, readers, names);
  }

  /** A reader of values of a type. */
  public static ValueReader of(ValueType type, TimeFormat timeFormat) {
    if (type instanceof ValueType.Scalar scalar) {
      return new ScalarReader(scalar.kind(), timeFormat);
    } else if (type instanceof ValueType.EnumValue enumeration) {
      return new EnumReader(enumeration.constants());
    } else if (type instanceof ValueType.OptionalValue optional) {
      return new OptionalReader(of(optional.inner(), timeFormat));
    } else if (type instanceof ValueType.ListValue list) {
      return new ListReader(of(list.element(), timeFormat));
    } else if (type instanceof ValueType.MapValue map) {
      return new MapReader(of(map.value(), timeFormat));
    }
    return record(((ValueType.RecordValue) type).shape(), Map.of(), component -> timeFormat);
  }

  private static final class EnumReader extends ValueReader {
    private final Map<String, Enum<?>> constants = new LinkedHashMap<>();

    EnumReader(List<Enum<?>> constants) {
      constants.forEach(constant -> this.constants.put(constant.name(), constant));
    }

    @Override
    public Object read(FieldValue value) {
      Enum<?> constant = value.kind() == FieldValue.Kind.TEXT ? constants.get(value.text()) : null;
      if (constant == null) {
        throw new DecodingFailure(
            "one of %s is expected, got %s".formatted(constants.keySet(), value.describe()));
      }
      return constant;
    }
  }

  private static final class OptionalReader extends ValueReader {
    private final ValueReader inner;

    OptionalReader(ValueReader inner) {
      this.inner = inner;
    }

    @Override
    boolean isNull(FieldValue value) {
      return inner.isNull(value);
    }

    @Override
    public Object read(FieldValue value) {
      return Optional.of(inner.read(value));
    }

    @Override
    Object nullValue() {
      return Optional.empty();
    }
  }

  /** A scalar is a list of one, as it is in a row. */
  private static final class ListReader extends ValueReader {
    private final ValueReader element;

    ListReader(ValueReader element) {
      this.element = element;
    }

    @Override
    public Object read(FieldValue value) {
      List<Object> items = new ArrayList<>();
      if (value.kind() == FieldValue.Kind.LIST) {
        value.elements(item -> items.add(element.readNullable(item)));
      } else if (value.kind() == FieldValue.Kind.OBJECT) {
        throw new DecodingFailure("an array is expected, got an object");
      } else {
        items.add(element.readNullable(value));
      }
      return Collections.unmodifiableList(items);
    }
  }

  private static final class MapReader extends ValueReader {
    private final ValueReader element;

    MapReader(ValueReader element) {
      this.element = element;
    }

    @Override
    public Object read(FieldValue value) {
      if (value.kind() != FieldValue.Kind.OBJECT) {
        throw new DecodingFailure("an object is expected, got " + value.describe());
      }
      Map<String, Object> entries = new HashMap<>();
      value.fields((name, item) -> entries.put(name, element.readNullable(item)));
      return Collections.unmodifiableMap(entries);
    }
  }
}
