package io.starfire.serving.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads and writes JSON bodies. Reading is strict: a property that is not known or comes twice, a
 * missing one that has no default, or anything after the value is an error that says what and
 * where. Thread-safe.
 */
final class JsonBodies {
  // Stricter than Json, which reads what Starfire wrote itself: unknown fields are refused.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final int maxBytes;

  JsonBodies(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The largest number of bytes of a body. */
  int maxBytes() {
    return maxBytes;
  }

  /** The whole body, or REQUEST_TOO_LARGE if it is larger than the limit. */
  byte[] bytes(Context context) {
    try (InputStream body = context.bodyInputStream()) {
      byte[] bytes = body.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new StarfireException(
            ErrorCode.REQUEST_TOO_LARGE,
            "the body of a request may have at most %d bytes; this one has more"
                .formatted(maxBytes));
      }
      return bytes;
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the body could not be read: " + e.getMessage(), e);
    }
  }

  <T> T read(Context context, Class<T> type) {
    return type.cast(read(bytes(context), MAPPER.constructType(type)));
  }

  /** The same of a type with parameters. */
  @SuppressWarnings("unchecked") // the reader makes what the reference names
  <T> T read(Context context, TypeReference<T> type) {
    return (T) read(bytes(context), MAPPER.constructType(type));
  }

  private static Object read(byte[] body, JavaType type) {
    try {
      Object value = MAPPER.readValue(body, type);
      if (value == null) {
        throw new StarfireException(ErrorCode.INVALID_INPUT, "the body must not be null");
      }
      return value;
    } catch (JsonMappingException e) {
      throw refused(e);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the body is not JSON: %s%s".formatted(firstLine(e.getOriginalMessage()), at(e)),
          e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the body could not be read: " + e.getMessage(), e);
    }
  }

  private static StarfireException refused(JsonMappingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StarfireException known) {
        return known;
      }
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      return new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the body has a property '%s' that is not known; known here are %s%s"
              .formatted(
                  path(e),
                  unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", ")),
                  at(e)),
          e);
    }
    if (e.getCause() instanceof NullPointerException missing) {
      return new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the body lacks the property '%s'"
              .formatted(
                  path(e).isEmpty() ? missing.getMessage() : path(e) + "." + missing.getMessage()),
          e);
    }
    if (e.getOriginalMessage().startsWith("Cannot map `null`")) {
      return new StarfireException(
          ErrorCode.INVALID_INPUT, "the body lacks the property '%s'".formatted(path(e)), e);
    }
    String what = e instanceof MismatchedInputException ? "does not fit" : "cannot be read";
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the body %s%s: %s%s"
            .formatted(what, path(e).isEmpty() ? "" : " at '" + path(e) + "'", wanted(e), at(e)),
        e);
  }

  /** What should stand there, in the words of JSON: not those of the classes that it is read by. */
  private static String wanted(JsonMappingException e) {
    Class<?> type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type == null) {
      return "another value is wanted";
    }
    if (type.isEnum()) {
      return "one of %s is wanted".formatted(List.of(type.getEnumConstants()));
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false is wanted";
    }
    if (type == String.class) {
      return "a string is wanted";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number is wanted";
    }
    if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "a list is wanted";
    }
    return type == Interval.class
        ? "an interval is wanted, such as 2026-11-20T10/PT1H"
        : "a JSON object is wanted";
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String at(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  /** Answers with a value as JSON. */
  static void answer(Context context, int status, Object value) {
    try {
      boolean pretty = context.queryParam("pretty") != null;
      byte[] json =
          pretty
              ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value)
              : MAPPER.writeValueAsBytes(value);
      context.status(status).contentType("application/json").result(json);
    } catch (JsonProcessingException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "an answer has no JSON form", e);
    }
  }
}
