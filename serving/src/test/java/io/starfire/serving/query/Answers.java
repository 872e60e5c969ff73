package io.starfire.serving.query;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Queries and answers as text with ' for ", so that tests can be read. */
final class Answers {
  private Answers() {}

  static Query parse(String json) {
    return QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** The JSON that is sent. */
  static String json(Answer answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      answer.writeTo(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  static String text(Answer answer) {
    return json(answer).replace('"', '\'');
  }
}
