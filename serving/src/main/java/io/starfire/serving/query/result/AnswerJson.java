package io.starfire.serving.query.result;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.starfire.serving.query.model.SketchValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the values of answers are written as JSON. Stateless. */
public final class AnswerJson {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().characterEscapes(new BackslashEscapes()).build();

  private AnswerJson() {}

  /** A generator that leaves the stream open, and what is unfinished unfinished. */
  public static JsonGenerator generator(OutputStream out, boolean pretty) throws IOException {
    JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
    if (pretty) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
    }
    return json;
  }

  /**
   * @param value null, a String, a Long, a Double, a sketch, an array of such values or of doubles,
   *     or a map of them
   */
  static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      writeDouble(json, number);
    } else if (value instanceof SketchValue sketch) {
      json.writeBinary(sketch.bytes());
    } else if (value instanceof double[] numbers) {
      json.writeStartArray();
      for (double number : numbers) {
        writeDouble(json, number);
      }
      json.writeEndArray();
    } else if (value instanceof Object[] elements) {
      json.writeStartArray();
      for (Object element : elements) {
        writeValue(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> fields) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : fields.entrySet()) {
        json.writeFieldName((String) field.getKey());
        writeValue(json, field.getValue());
      }
      json.writeEndObject();
    } else {
      json.writeString((String) value);
    }
  }

  /** Writes JSON text as it is, but for backslashes, as below. */
  public static void writeJson(JsonGenerator json, String text) throws IOException {
    if (!text.contains("\\\\")) {
      json.writeRawValue(text);
      return;
    }
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one != '\\') {
        escaped.append(one);
        continue;
      }
      char next = text.charAt(++i);
      escaped.append(next == '\\' ? "\\u005c" : "\\" + next);
    }
    json.writeRawValue(escaped.toString());
  }

  public static void writeDouble(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
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
    public @Nullable SerializableString getEscapeSequence(int character) {
      return character == '\\' ? new SerializedString("\\u005c") : null;
    }
  }
}
