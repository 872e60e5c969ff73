package io.starfire.serving.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** Values as the JSON text in which they are stored. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a value of %s has no JSON form".formatted(value.getClass()), e);
    }
  }

  static <T> T read(String json, TypeReference<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "the metadata store holds JSON that cannot be read as %s: %s"
              .formatted(type.getType().getTypeName(), e.getOriginalMessage()),
          e);
    }
  }
}
