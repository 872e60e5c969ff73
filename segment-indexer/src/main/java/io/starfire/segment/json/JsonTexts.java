package io.starfire.segment.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.starfire.decoding.FieldValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as text of one form: without blanks, with fields and digits as they came. Of fields
 * of one name in one object the last counts. Stateless.
 */
public final class JsonTexts {
  private JsonTexts() {}

  /** The text of a value of a record; null for null. */
  public static @Nullable String of(FieldValue value) {
    if (value.kind() == FieldValue.Kind.NULL) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, FieldValue value) {
    switch (value.kind()) {
      case NULL -> out.append("null");
      case BOOLEAN, INTEGER, DECIMAL -> out.append(value.text());
      case FLOATING -> writeDouble(out, value.doubleValue());
      case TEXT, TIME -> quote(out, value.text());
      case LIST -> {
        out.append('[');
        int start = out.length();
        value.elements(
            element -> {
              out.append(out.length() == start ? "" : ",");
              write(out, element);
            });
        out.append(']');
      }
      case OBJECT -> {
        Map<String, String> fields = new LinkedHashMap<>();
        value.fields(
            (name, field) -> {
              StringBuilder text = new StringBuilder();
              write(text, field);
              fields.put(name, text.toString());
            });
        writeObject(out, fields);
      }
    }
  }

  /** An object of fields whose values are JSON text. */
  public static void writeObject(StringBuilder out, Map<String, String> fields) {
    out.append('{');
    int start = out.length();
    fields.forEach(
        (name, text) -> {
          out.append(out.length() == start ? "" : ",");
          quote(out, name);
          out.append(':').append(text);
        });
    out.append('}');
  }

  /** Infinities and NaN, which JSON does not have, are texts. */
  public static void writeDouble(StringBuilder out, double value) {
    if (Double.isFinite(value)) {
      out.append(value);
    } else {
      quote(out, Double.toString(value));
    }
  }

  public static void quote(StringBuilder out, String text) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }

  /** JSON text in the one form; null if it is not JSON. */
  public static @Nullable String normal(String text) {
    try (JsonParser parser = JsonReads.parser(text)) {
      if (parser.nextToken() == null) {
        return null;
      }
      StringBuilder out = new StringBuilder();
      write(out, parser);
      return parser.nextToken() == null ? out.toString() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Writes the value at a parser's token, and goes to its end. */
  static void write(StringBuilder out, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> quote(out, parser.getText());
      case START_ARRAY -> {
        out.append('[');
        int start = out.length();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          out.append(out.length() == start ? "" : ",");
          write(out, parser);
        }
        out.append(']');
      }
      case START_OBJECT -> {
        Map<String, String> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          StringBuilder text = new StringBuilder();
          write(text, parser);
          fields.put(name, text.toString());
        }
        writeObject(out, fields);
      }
      default -> out.append(parser.getText());
    }
  }
}
