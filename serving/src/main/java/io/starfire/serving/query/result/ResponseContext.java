package io.starfire.serving.query.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is told beside an answer, in the header {@code X-Druid-Response-Context}. Filled while the
 * query is answered. Thread-safe.
 */
public final class ResponseContext {
  /** The number of the view that the answer was taken from. */
  public static final String VIEW = "starfireView";

  /** The staged publication that the answer was taken with. */
  public static final String PUBLICATION = "starfirePublication";

  /** Sentences about what an answer cannot say exactly. */
  public static final String WARNINGS = "starfireWarnings";

  // Json writes any character; a header takes ASCII alone.
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, Object> values = new TreeMap<>();

  /** Notes a value, instead of one that was there. */
  public synchronized void put(String name, Object value) {
    values.put(name, value);
  }

  public synchronized Optional<Object> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** As one line of ASCII, fit for a header. */
  public synchronized String toJson() {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "a response context has no JSON form", e);
    }
  }
}
