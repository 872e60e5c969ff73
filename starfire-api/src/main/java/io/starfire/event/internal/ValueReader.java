package io.starfire.event.internal;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Makes values of one type from JSON and from loosely typed data. Immutable and thread-safe. */
public abstract class ValueReader {

  /** Reads the value that begins at the parser's present token, which is not null. */
  abstract Object read(JsonParser parser) throws IOException;

  /** Makes a value of text, a boolean, a number, an Instant, a list or a map, never null. */
  public abstract Object convert(Object value);

  /** What null and a missing field stand for. */
  Object nullValue() {
    return null;
  }

  static String describe(Object value) {
    String text = String.valueOf(value);
    String shown = text.length() <= 60 ? text : text.substring(0, 60) + "...";
    return value instanceof CharSequence ? "text '" + shown + "'" : shown;
  }
}
