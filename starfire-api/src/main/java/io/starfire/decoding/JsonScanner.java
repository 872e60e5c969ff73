package io.starfire.decoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * Reads records of one JSON object, token by token, without building a tree or a map. As
 * thread-safe as its target.
 */
public final class JsonScanner<T> implements RecordScanner<T> {
  /** Deeper than any event type. The limit holds for ignored fields too. */
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Field names come from outside; interned, they would fill the JVM's table of strings.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Numerals.MAX_LENGTH)
                  .build())
          .build();

  private final RecordTarget<T> target;
  private final FlatJson<T> flat;

  public JsonScanner(RecordTarget<T> target) {
    this.target = target;
    this.flat = new FlatJson<>(target);
  }

  @Override
  public T read(RawRecord record) {
    T usual = flat.read(record);
    return usual == null ? readAny(record) : usual;
  }

  /** Reads any JSON. */
  T readAny(RawRecord record) {
    int length = record.valueTo() - record.valueFrom();
    try (JsonParser parser = FACTORY.createParser(record.bytes(), record.valueFrom(), length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new DecodingFailure("the value is empty");
      }
      JsonValue value = new JsonValue(parser);
      if (first != JsonToken.START_OBJECT) {
        throw new DecodingFailure("a JSON object is expected, got " + value.describe());
      }
      RecordBuilder<T> builder = target.begin(record);
      String name = parser.nextFieldName();
      while (name != null) {
        parser.nextToken();
        int field = target.field(name);
        if (field >= 0) {
          builder.set(field, value);
        } else if (field == RecordTarget.UNKNOWN) {
          builder.found(name, value);
        }
        parser.skipChildren();
        name = parser.nextFieldName();
      }
      if (parser.nextToken() != null) {
        throw new DecodingFailure("something follows after the JSON object");
      }
      return builder.finish();
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  static DecodingFailure notJson(IOException e) {
    if (e instanceof JsonProcessingException malformed) {
      return new DecodingFailure(
          "it is not JSON, at byte %d: %s"
              .formatted(
                  malformed.getLocation() == null ? 0 : malformed.getLocation().getByteOffset(),
                  firstLine(malformed.getOriginalMessage())),
          e);
    }
    return new DecodingFailure("it is not JSON: " + e.getMessage(), e);
  }

  private static String firstLine(String message) {
    int line = message.indexOf('\n');
    return line < 0 ? message : message.substring(0, line);
  }
}
