package io.starfire.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON body of an error answer, with the fields that old and new clients of Druid read. The
 * HTTP status is {@link ErrorCode#httpStatus()}. Immutable.
 *
 * @param error Druid's older name of the kind of error, such as {@code Query timeout}
 * @param errorCode Starfire's code
 * @param persona whom the message is for: USER, OPERATOR or DEVELOPER
 * @param category Druid's category, such as INVALID_INPUT
 * @param errorMessage one sentence for the user
 * @param errorClass the Java class of the error
 * @param host the host that answered; may be null
 * @param context further facts, by name
 */
@JsonPropertyOrder({
  "error",
  "errorCode",
  "persona",
  "category",
  "errorMessage",
  "errorClass",
  "host",
  "context"
})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorResponse(
    String error,
    String errorCode,
    String persona,
    String category,
    String errorMessage,
    String errorClass,
    String host,
    Map<String, String> context) {
  public ErrorResponse {
    context = context == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(context));
  }

  /** The answer for an error, without further facts. */
  public static ErrorResponse of(StarfireException exception, String host) {
    return of(exception, host, Map.of());
  }

  public static ErrorResponse of(
      StarfireException exception, String host, Map<String, String> context) {
    ErrorCode code = exception.code();
    return new ErrorResponse(
        legacyName(code),
        code.name(),
        persona(code),
        code.category(),
        exception.getMessage(),
        exception.getClass().getName(),
        host,
        context);
  }

  private static String legacyName(ErrorCode code) {
    return switch (code) {
      case UNSUPPORTED -> "Unsupported operation";
      case TIMEOUT -> "Query timeout";
      case CANCELED -> "Query cancelled";
      case CAPACITY_EXCEEDED -> "Query capacity exceeded";
      case INTERNAL, CORRUPT, WRONG_RESULT -> "Unknown exception";
      default -> "druidException";
    };
  }

  private static String persona(ErrorCode code) {
    return switch (code) {
      case INTERNAL -> "DEVELOPER";
      case UNAVAILABLE, UNKNOWN_OUTCOME, CORRUPT, CAPACITY_EXCEEDED, WRONG_RESULT -> "OPERATOR";
      default -> "USER";
    };
  }
}
