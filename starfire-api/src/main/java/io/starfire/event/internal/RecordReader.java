package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.starfire.event.internal.RecordShape.Component;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads records from JSON objects, maps and columns. Immutable and thread-safe. */
public final class RecordReader extends ValueReader {
  /** A value that was not there; null is one that was. */
  private static final Object MISSING = new Object();

  private final RecordShape shape;
  private final ValueReader[] readers;
  private final List<String> names;
  private final Map<String, Integer> indexes = new HashMap<>();

  /**
   * @param names of the fields in the data, in order of the components
   */
  RecordReader(RecordShape shape, ValueReader[] readers, List<String> names) {
    this.shape = shape;
    this.readers = readers;
    this.names = List.copyOf(names);
    for (int i = 0; i < names.size(); i++) {
      indexes.put(names.get(i), i);
    }
  }

  /** The names of the fields in the data, in order of the components. */
  public List<String> names() {
    return names;
  }

  /** The component that is read from a field of the data, or -1. */
  public int indexOf(String name) {
    return indexes.getOrDefault(name, -1);
  }

  /** The names of fields that must be there: those of primitives. */
  public List<String> required() {
    List<String> required = new ArrayList<>();
    for (int i = 0; i < readers.length; i++) {
      if (!component(i).type().isNullable()) {
        required.add(names.get(i));
      }
    }
    return required;
  }

  /** The names of fields for which data with columns must have one: all but those of Optionals. */
  public List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < readers.length; i++) {
      if (!(component(i).type() instanceof ValueType.OptionalValue)) {
        expected.add(names.get(i));
      }
    }
    return expected;
  }

  /** Values to be filled in for {@link #create}. */
  public Object[] missing() {
    Object[] values = new Object[readers.length];
    java.util.Arrays.fill(values, MISSING);
    return values;
  }

  /** The value of a component, from loosely typed data, which may be null. */
  public Object convert(int index, Object value) {
    if (value == null) {
      return ofNull(index, "null");
    }
    try {
      return readers[index].convert(value);
    } catch (DecodingFailure e) {
      throw e.inside(component(index).name());
    }
  }

  /** The record; values that are still missing are null. */
  public Object create(Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == MISSING) {
        values[i] = ofNull(i, "missing");
      }
    }
    return shape.newInstance(values);
  }

  @Override
  Object read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new DecodingFailure(
          "a JSON object is expected, got " + JsonRecords.describe(parser.currentToken()));
    }
    Object[] values = missing();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Integer index = indexes.get(parser.currentName());
      parser.nextToken();
      if (index == null) {
        parser.skipChildren();
      } else {
        values[index] = readComponent(parser, index);
      }
    }
    return create(values);
  }

  private Object readComponent(JsonParser parser, int index) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return component(index).type().isNullable()
          ? readers[index].nullValue()
          : ofNull(index, "null");
    }
    try {
      return readers[index].read(parser);
    } catch (DecodingFailure e) {
      throw e.inside(component(index).name());
    }
  }

  @Override
  public Object convert(Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw new DecodingFailure("a group of fields is expected, got " + describe(value));
    }
    Object[] values = missing();
    for (int i = 0; i < values.length; i++) {
      Object field = fields.get(names.get(i));
      if (field != null || fields.containsKey(names.get(i))) {
        values[i] = convert(i, field);
      }
    }
    return create(values);
  }

  private Object ofNull(int index, String state) {
    if (!component(index).type().isNullable()) {
      String field = names.get(index);
      String name = component(index).name();
      String named = field.equals(name) ? "it" : "field '" + field + "'";
      throw new DecodingFailure("%s is %s, and a primitive needs a value".formatted(named, state))
          .inside(name);
    }
    return readers[index].nullValue();
  }

  private Component component(int index) {
    return shape.components().get(index);
  }
}
