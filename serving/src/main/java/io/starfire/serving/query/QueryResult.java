package io.starfire.serving.query;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import io.starfire.common.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The answer to a query. Immutable.
 *
 * @param shape how rows look in JSON
 * @param names of the values of each row, in order
 * @param rows in the order of the answer
 */
public record QueryResult(Shape shape, List<String> names, List<ResultRow> rows) {
  /** The shapes of Druid's answers. */
  public enum Shape {
    /** {@code {"timestamp":…,"result":{…}}}. */
    TIMESERIES,
    /** {@code {"version":"v1","timestamp":…,"event":{…}}}. */
    GROUP_BY
  }

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().characterEscapes(new BackslashEscapes()).build();

  public QueryResult {
    names = List.copyOf(names);
    rows = List.copyOf(rows);
    Set<String> unique = new HashSet<>(names);
    if (unique.size() != names.size()) {
      throw QueryChecks.invalid("the names %s of a result must differ", names);
    }
  }

  /**
   * Writes the rows as a JSON array in UTF-8, one after the other. Times are UTC with three
   * decimals; NaN and the infinities are the strings NaN, Infinity and -Infinity. Flushes the
   * stream, and does not close it.
   */
  public void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartArray();
      for (ResultRow row : rows) {
        write(json, row);
      }
      json.writeEndArray();
    }
  }

  private void write(JsonGenerator json, ResultRow row) throws IOException {
    json.writeStartObject();
    if (shape == Shape.GROUP_BY) {
      json.writeStringField("version", "v1");
    }
    json.writeStringField(
        "timestamp", row.timeMillis() == null ? null : Times.format(row.timeMillis()));
    json.writeObjectFieldStart(shape == Shape.GROUP_BY ? "event" : "result");
    for (int i = 0; i < names.size(); i++) {
      json.writeFieldName(names.get(i));
      writeValue(json, row.values().get(i));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeString(number.toString());
      }
    } else {
      json.writeString((String) value);
    }
  }

  /**
   * Writes a backslash as its code: the Python client cuts rows out of the stream by hand, and is
   * misled by a value that ends in two backslashes.
   */
  private static final class BackslashEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes['\\'] = ESCAPE_CUSTOM;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return character == '\\' ? new SerializedString("\\u005c") : null;
    }
  }
}
