package io.starfire.serving.query.sample;

import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.result.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Queries and answers as text with ' for ", so that tests can be read. */
public final class Answers {
  private Answers() {}

  public static Query parse(String json) {
    return QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** The JSON that is sent. */
  public static String json(Answer answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      answer.writeTo(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  public static String text(Answer answer) {
    return json(answer).replace('"', '\'');
  }
}
