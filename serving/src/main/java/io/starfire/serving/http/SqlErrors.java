package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.ErrorResponse;
import io.starfire.serving.sql.SqlException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors of SQL statements in the form that Druid's SQL clients read. Stateless. */
final class SqlErrors {
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  private SqlErrors() {}

  /** Answers with an error, whatever its status would be in a native query. */
  static void answer(Context context, StarfireException e) {
    JsonBodies.answer(context, status(e.code()), body(context, e));
  }

  /** A statement that names what is not there is wrong input; one that was cancelled has failed. */
  static int status(ErrorCode code) {
    return switch (code) {
      case NOT_FOUND -> CLIENT_ERROR;
      case CANCELED -> SERVER_ERROR;
      default -> code.httpStatus();
    };
  }

  private static ErrorResponse body(Context context, StarfireException e) {
    ErrorResponse plain = ErrorResponse.of(e, context.host());
    boolean wrongInput = status(e.code()) == CLIENT_ERROR;
    return new ErrorResponse(
        plain.error(),
        wrongInput ? "invalidInput" : "legacyQueryException",
        plain.persona(),
        wrongInput ? ErrorCode.INVALID_INPUT.category() : plain.category(),
        e.getMessage(),
        plain.errorClass(),
        plain.host(),
        place(e));
  }

  private static Map<String, String> place(StarfireException e) {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("sourceType", "sql");
    if (e instanceof SqlException at) {
      place.put("line", Integer.toString(at.line()));
      place.put("column", Integer.toString(at.column()));
      place.put("endLine", Integer.toString(at.endLine()));
      place.put("endColumn", Integer.toString(at.endColumn()));
    }
    return place;
  }
}
