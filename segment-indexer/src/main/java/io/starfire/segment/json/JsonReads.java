package io.starfire.segment.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is at a path of a JSON value, whose text is of the form that {@link JsonTexts} makes.
 * Stateless.
 */
public final class JsonReads {
  private static final int MAX_DEPTH = 200;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonReads() {}

  /** What a value is. */
  public enum Kind {
    NULL,
    TEXT,
    NUMBER,
    BOOLEAN,
    ARRAY,
    OBJECT;

    /** Whether it is a text, a number or a truth value. */
    public boolean isScalar() {
      return this == TEXT || this == NUMBER || this == BOOLEAN;
    }
  }

  /**
   * A value.
   *
   * @param text of a scalar itself, of anything else its JSON
   */
  public record Found(Kind kind, String text) {
    /** The value as JSON. */
    public String json() {
      if (kind != Kind.TEXT) {
        return text;
      }
      StringBuilder out = new StringBuilder();
      JsonTexts.quote(out, text);
      return out.toString();
    }
  }

  static JsonParser parser(String json) throws IOException {
    return FACTORY.createParser(json);
  }

  /** The value at a path; null if there is none. */
  public static @Nullable Found find(String json, JsonPath path) {
    try (JsonParser parser = parser(json)) {
      return moveTo(parser, path) ? found(parser) : null;
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  /** The scalars of the array at a path, or the one that is there; null if there is none. */
  public static @Nullable List<@Nullable Found> findAll(String json, JsonPath path) {
    try (JsonParser parser = parser(json)) {
      if (!moveTo(parser, path)) {
        return null;
      }
      List<@Nullable Found> all = new ArrayList<>();
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        Found one = found(parser);
        if (!one.kind.isScalar()) {
          return null;
        }
        all.add(one);
        return all;
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        Found one = found(parser);
        all.add(one.kind.isScalar() ? one : null);
      }
      return all;
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  /** The names of an object's fields, or the indexes of an array; null if there is neither. */
  public static @Nullable List<String> keys(String json, JsonPath path) {
    try (JsonParser parser = parser(json)) {
      if (!moveTo(parser, path)) {
        return null;
      }
      List<String> keys = new ArrayList<>();
      JsonToken container = parser.currentToken();
      if (container == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          keys.add(parser.currentName());
          parser.nextToken();
          parser.skipChildren();
        }
      } else if (container == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          keys.add(Integer.toString(keys.size()));
          parser.skipChildren();
        }
      } else {
        return null;
      }
      return keys;
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  /** Takes what is at the end of a path. */
  public interface Leaf {
    void at(JsonPath path, Found value);
  }

  /**
   * Passes on all scalars and nulls.
   *
   * @param intoArrays whether those in arrays too
   */
  public static void leaves(String json, boolean intoArrays, Leaf leaf) {
    try (JsonParser parser = parser(json)) {
      parser.nextToken();
      leaves(parser, JsonPath.ROOT, intoArrays, leaf);
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  private static void leaves(JsonParser parser, JsonPath path, boolean intoArrays, Leaf leaf)
      throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          leaves(parser, path.field(name), intoArrays, leaf);
        }
      }
      case START_ARRAY -> {
        if (!intoArrays) {
          parser.skipChildren();
          return;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
          leaves(parser, path.element(i), true, leaf);
        }
      }
      default -> leaf.at(path, found(parser));
    }
  }

  /** Goes to the value at a path; false if there is none. */
  private static boolean moveTo(JsonParser parser, JsonPath path) throws IOException {
    parser.nextToken();
    for (JsonPath.Part part : path.parts()) {
      boolean there =
          part instanceof JsonPath.Field field
              ? moveToField(parser, field.name())
              : moveToElement(parser, ((JsonPath.Element) part).index());
      if (!there) {
        return false;
      }
    }
    return true;
  }

  private static boolean moveToField(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isIt = parser.currentName().equals(name);
      parser.nextToken();
      if (isIt) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static boolean moveToElement(JsonParser parser, int index) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i == index) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static Found found(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> new Found(Kind.NULL, "null");
      case VALUE_STRING -> new Found(Kind.TEXT, parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> new Found(Kind.BOOLEAN, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Found(Kind.NUMBER, parser.getText());
      default -> {
        Kind kind = parser.currentToken() == JsonToken.START_ARRAY ? Kind.ARRAY : Kind.OBJECT;
        StringBuilder out = new StringBuilder();
        JsonTexts.write(out, parser);
        yield new Found(kind, out.toString());
      }
    };
  }

  static UncheckedIOException notJson(IOException e) {
    return new UncheckedIOException("a value is not JSON that was checked before", e);
  }
}
