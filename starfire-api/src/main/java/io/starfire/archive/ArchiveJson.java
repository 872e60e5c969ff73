package io.starfire.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** The archive's small JSON files. Thread-safe. */
final class ArchiveJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ArchiveJson() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new StarfireException(ErrorCode.INTERNAL, value + " cannot be written as JSON", e);
    }
  }

  static <T> T read(String json, Class<T> type, String what) {
    try {
      return MAPPER.readValue(json, type);
    } catch (ValueInstantiationException e) {
      if (e.getCause() instanceof StarfireException reason) {
        throw reason;
      }
      throw unreadable(what, e);
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  private static StarfireException unreadable(String what, JsonProcessingException e) {
    return new StarfireException(
        ErrorCode.CORRUPT, "%s cannot be read: %s".formatted(what, e.getOriginalMessage()), e);
  }
}
