package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.ErrorResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error becomes the same JSON, with a code, a category and one sentence. */
final class HttpErrors {
  private static final Logger LOG = LoggerFactory.getLogger(HttpErrors.class);
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int MAX_QUOTED = 200;

  private HttpErrors() {}

  static void addTo(RoutesConfig routes) {
    routes.exception(StarfireException.class, (e, context) -> answer(context, e));
    routes.exception(
        HttpResponseException.class,
        (e, context) -> {
          answer(context, new StarfireException(codeOf(e.getStatus()), sentence(context, e)));
          context.status(e.getStatus());
        });
    routes.exception(
        Exception.class,
        (e, context) -> {
          LOG.error("{} {} failed", context.method(), context.path(), e);
          answer(
              context,
              new StarfireException(ErrorCode.INTERNAL, "the server failed; its log says why", e));
        });
  }

  private static void answer(Context context, StarfireException e) {
    JsonBodies.answer(context, e.code().httpStatus(), ErrorResponse.of(e, context.host()));
  }

  private static ErrorCode codeOf(int status) {
    return switch (status) {
      case 404, METHOD_NOT_ALLOWED -> ErrorCode.NOT_FOUND;
      case 413 -> ErrorCode.REQUEST_TOO_LARGE;
      default -> status < 500 ? ErrorCode.INVALID_INPUT : ErrorCode.INTERNAL;
    };
  }

  private static String sentence(Context context, HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 ->
          "there is no route %s %s; the documentation lists those that there are"
              .formatted(context.method(), path(context));
      case METHOD_NOT_ALLOWED ->
          "%s does not answer to %s".formatted(path(context), context.method());
      default -> String.valueOf(e.getMessage());
    };
  }

  /** A path may be as long as a client likes. */
  private static String path(Context context) {
    String path = context.path();
    return path.length() <= MAX_QUOTED ? path : path.substring(0, MAX_QUOTED) + "...";
  }
}
