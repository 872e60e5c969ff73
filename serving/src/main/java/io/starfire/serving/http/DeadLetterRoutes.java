package io.starfire.serving.http;

import static java.util.Objects.requireNonNull;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.realtime.RealtimeNode;
import java.util.Optional;

/**
 * {@code GET /starfire/v1/datasources/{name}/dead-letters}: the newest records that could not be
 * used, with the reason. Thread-safe.
 */
public final class DeadLetterRoutes implements Routes {
  private static final int USUAL = 50;
  private static final int MOST = 1_000;

  private final Optional<RealtimeNode> realtime;

  /**
   * @param realtime empty in a server that reads no topics
   */
  public DeadLetterRoutes(Optional<RealtimeNode> realtime) {
    this.realtime = requireNonNull(realtime, "realtime");
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get("/starfire/v1/datasources/{name}/dead-letters", Access.READ, this::newest);
  }

  private void newest(Context context) {
    RealtimeNode node =
        realtime.orElseThrow(
            () -> new StarfireException(ErrorCode.NOT_FOUND, "this server reads no topics"));
    JsonBodies.answer(context, 200, node.deadLetters(context.pathParam("name"), limit(context)));
  }

  private static int limit(Context context) {
    String asked = context.queryParam("limit");
    if (asked == null) {
      return USUAL;
    }
    try {
      int limit = Integer.parseInt(asked);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // The sentence below says what is wanted.
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "limit must be a number from 1 to %d, got '%s'".formatted(MOST, asked));
  }
}
