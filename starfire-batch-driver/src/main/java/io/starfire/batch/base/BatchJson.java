package io.starfire.batch.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** The JSON of the batch driver. Stateless; thread-safe. */
public final class BatchJson {
  /** Ignores fields that it does not know, so that a newer coordinator can add some. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private BatchJson() {}

  /** One line. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a %s cannot be written as JSON".formatted(value.getClass()), e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws StarfireException with CORRUPT if the text is not such a value
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "this is not the JSON of a %s: %s".formatted(type.getSimpleName(), e.getMessage()),
          e);
    }
  }
}
