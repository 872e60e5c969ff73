package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.RawRecord;
import io.starfire.decoding.RecordBuilder;
import io.starfire.decoding.RecordTarget;
import io.starfire.event.internal.RecordShape.Component;
import io.starfire.event.internal.RecordShape.Presence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes records and rows of fields. Immutable and thread-safe. */
public final class RecordReader extends ValueReader implements RecordTarget<Object> {
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

  /** The names of fields that must be there: those of primitives, and what a schema requires. */
  public List<String> required() {
    List<String> required = new ArrayList<>();
    for (int i = 0; i < readers.length; i++) {
      if (!component(i).isNullable()) {
        required.add(names.get(i));
      }
    }
    return required;
  }

  /** The names of fields for which data with columns must have one: all but those of Optionals. */
  public List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < readers.length; i++) {
      if (component(i).presence() != Presence.OPTIONAL) {
        expected.add(names.get(i));
      }
    }
    return expected;
  }

  @Override
  public int field(String name) {
    return indexes.getOrDefault(name, IGNORED);
  }

  @Override
  public RecordBuilder<Object> begin(RawRecord record) {
    return begin();
  }

  /** Begins a record that is put together field by field. */
  public RecordBuilder<Object> begin() {
    return new Builder();
  }

  @Override
  public Object read(FieldValue value) {
    if (value.kind() != FieldValue.Kind.OBJECT) {
      throw new DecodingFailure("a JSON object is expected, got " + value.describe());
    }
    Builder builder = new Builder();
    value.fields(
        (name, item) -> {
          int field = field(name);
          if (field >= 0) {
            builder.set(field, item);
          }
        });
    return builder.finish();
  }

  private final class Builder implements RecordBuilder<Object> {
    private final Object[] values = new Object[readers.length];

    Builder() {
      Arrays.fill(values, MISSING);
    }

    @Override
    public void set(int field, FieldValue value) {
      values[field] = component(field, value);
    }

    @Override
    public void found(String name, FieldValue value) {
      throw new IllegalStateException("a record discovers no fields");
    }

    @Override
    public Object finish() {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == MISSING) {
          values[i] = ofNull(i, "missing");
        }
      }
      return shape.newInstance(values);
    }
  }

  private Object component(int index, FieldValue value) {
    if (readers[index].isNull(value)) {
      return ofNull(index, value.kind() == FieldValue.Kind.NULL ? "null" : "blank");
    }
    try {
      return readers[index].read(value);
    } catch (DecodingFailure e) {
      throw e.inside(component(index).name());
    }
  }

  private Object ofNull(int index, String state) {
    if (!component(index).isNullable()) {
      String field = names.get(index);
      String name = component(index).name();
      String named = field.equals(name) ? "it" : "field '" + field + "'";
      throw new DecodingFailure("%s is %s, and it needs a value".formatted(named, state))
          .inside(name);
    }
    return readers[index].nullValue();
  }

  private Component component(int index) {
    return shape.components().get(index);
  }
}
