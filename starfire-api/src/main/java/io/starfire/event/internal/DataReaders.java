package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.starfire.event.SourceSettings.TimeFormat;
import io.starfire.event.internal.RecordShape.Component;
import java.io.IOException;
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

  private static Object readNullable(JsonParser parser, ValueReader reader) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? reader.nullValue() : reader.read(parser);
  }

  private static Object convertNullable(Object value, ValueReader reader) {
    return value == null ? reader.nullValue() : reader.convert(value);
  }

  private static final class EnumReader extends ValueReader {
    private final Map<String, Enum<?>> constants = new LinkedHashMap<>();

    EnumReader(List<Enum<?>> constants) {
      constants.forEach(constant -> this.constants.put(constant.name(), constant));
    }

    @Override
    Object read(JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw unknown(JsonRecords.describe(parser.currentToken()));
      }
      return convert(parser.getText());
    }

    @Override
    public Object convert(Object value) {
      Enum<?> constant = value instanceof CharSequence ? constants.get(value.toString()) : null;
      if (constant == null) {
        throw unknown(describe(value));
      }
      return constant;
    }

    private DecodingFailure unknown(String got) {
      return new DecodingFailure(
          "one of %s is expected, got %s".formatted(constants.keySet(), got));
    }
  }

  private static final class OptionalReader extends ValueReader {
    private final ValueReader inner;

    OptionalReader(ValueReader inner) {
      this.inner = inner;
    }

    @Override
    Object read(JsonParser parser) throws IOException {
      return Optional.of(inner.read(parser));
    }

    @Override
    public Object convert(Object value) {
      return Optional.of(inner.convert(value));
    }

    @Override
    Object nullValue() {
      return Optional.empty();
    }
  }

  private static final class ListReader extends ValueReader {
    private final ValueReader element;

    ListReader(ValueReader element) {
      this.element = element;
    }

    @Override
    Object read(JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw new DecodingFailure(
            "an array is expected, got " + JsonRecords.describe(parser.currentToken()));
      }
      List<Object> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(readNullable(parser, element));
      }
      return Collections.unmodifiableList(items);
    }

    @Override
    public Object convert(Object value) {
      if (!(value instanceof List<?> list)) {
        throw new DecodingFailure("a list is expected, got " + describe(value));
      }
      List<Object> items = new ArrayList<>(list.size());
      list.forEach(item -> items.add(convertNullable(item, element)));
      return Collections.unmodifiableList(items);
    }
  }

  private static final class MapReader extends ValueReader {
    private final ValueReader element;

    MapReader(ValueReader element) {
      this.element = element;
    }

    @Override
    Object read(JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new DecodingFailure(
            "an object is expected, got " + JsonRecords.describe(parser.currentToken()));
      }
      Map<String, Object> entries = new HashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        entries.put(key, readNullable(parser, element));
      }
      return Collections.unmodifiableMap(entries);
    }

    @Override
    public Object convert(Object value) {
      if (!(value instanceof Map<?, ?> map)) {
        throw new DecodingFailure("a map is expected, got " + describe(value));
      }
      Map<String, Object> entries = new HashMap<>();
      map.forEach((key, item) -> entries.put(String.valueOf(key), convertNullable(item, element)));
      return Collections.unmodifiableMap(entries);
    }
  }
}
