package io.starfire.serving.query.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A row as plain values: each null, a String, a List of nullable Strings, a Long or a Double. */
public record SampleRow(long timeMillis, Map<String, Object> values) {
  public static SampleRow of(long timeMillis, Object... namesAndValues) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new SampleRow(timeMillis, values);
  }

  public Object value(String column) {
    return column.equals("__time") ? (Object) timeMillis : values.get(column);
  }

  /** The values of any column: at least one, which may be null. */
  public List<?> values(String column) {
    Object value = value(column);
    return value instanceof List<?> ? strings(column) : Collections.singletonList(value);
  }

  /** The values of a string column: at least one, which may be null. */
  @SuppressWarnings("unchecked")
  List<String> strings(String column) {
    Object value = value(column);
    if (value instanceof List<?> list && !list.isEmpty()) {
      return (List<String>) list;
    }
    return Collections.singletonList(value instanceof List<?> ? null : (String) value);
  }
}
