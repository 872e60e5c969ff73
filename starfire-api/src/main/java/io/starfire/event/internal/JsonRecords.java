package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** Reads a record from the bytes of one JSON object and nothing else. Stateless; thread-safe. */
public final class JsonRecords {
  /** Deeper than any event type; what is ignored may not be deeper either. */
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Field names come from outside: the JVM's table of strings would grow with them.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1000)
                  .build())
          .build();

  private JsonRecords() {}

  public static Object read(byte[] json, RecordReader reader) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new DecodingFailure("the value is empty");
      }
      Object value = reader.read(parser);
      if (parser.nextToken() != null) {
        throw new DecodingFailure("something follows after the JSON object");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new DecodingFailure(
          "it is not JSON, at byte %d: %s"
              .formatted(e.getLocation() == null ? 0 : e.getLocation().getByteOffset(), reason(e)),
          e);
    } catch (IOException e) {
      throw new DecodingFailure("it is not JSON: " + e.getMessage(), e);
    }
  }

  static String describe(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> token.name();
    };
  }

  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int line = message.indexOf('\n');
    return line < 0 ? message : message.substring(0, line);
  }
}
