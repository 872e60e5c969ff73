package io.starfire.common;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Type;

/**
 * Writes and reads values as JSON. Starfire's processes store them and send them to each other in
 * this form. Unknown fields are ignored, so that a newer process can add fields. No type of the
 * JSON library is visible here, since the job jar relocates it. Stateless; thread-safe.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private Json() {}

  /** A value as one line. The entries of maps are sorted by their keys. */
  public static String write(Object value) {
    return write(value, MAPPER.writer());
  }

  /** The same in indented lines, for files that people read. */
  public static String writeIndented(Object value) {
    return write(value, MAPPER.writerWithDefaultPrettyPrinter());
  }

  private static String write(Object value, ObjectWriter writer) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a %s cannot be written as JSON".formatted(value.getClass()), e);
    }
  }

  /**
   * Reads a value.
   *
   * @param what the text is, for messages, such as {@code "the manifest /archive/1.json"}
   * @throws StarfireException with CORRUPT if the text is not such a value; if the value's own
   *     constructor throws a StarfireException, that one
   */
  public static <T> T read(String json, Class<T> type, String what) {
    return type.cast(read(json, (Type) type, what));
  }

  /** The same for a type with parameters. */
  public static Object read(String json, Type type, String what) {
    try {
      return MAPPER.readValue(json, MAPPER.constructType(type));
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof StarfireException refused) {
        throw refused;
      }
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "%s cannot be read as JSON of a %s: %s"
              .formatted(what, name(type), firstLine(e.getOriginalMessage())),
          e);
    }
  }

  private static String name(Type type) {
    return type instanceof Class<?> known ? known.getSimpleName() : type.getTypeName();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
