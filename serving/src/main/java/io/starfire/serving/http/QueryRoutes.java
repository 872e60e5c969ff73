package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.serving.access.Role;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.result.ResponseContext;
import java.io.IOException;
import java.util.UUID;

/**
 * Druid's query routes: native queries at {@code /druid/v2}. An answer that is made as a whole is
 * made before its first byte is sent. The rows of a scan are sent while they are read; if reading
 * fails after the first bytes have gone, the connection is broken off, so that no client takes a
 * part for the whole.
 */
public final class QueryRoutes implements Routes {
  private static final String RESPONSE_CONTEXT = "X-Druid-Response-Context";
  private static final int ACCEPTED = 202;

  private final Broker broker;
  private final JsonBodies bodies;
  private final RequestMemory memory = RequestMemory.ofHeap();

  /**
   * @param maxBodyBytes of a query
   */
  public QueryRoutes(Broker broker, int maxBodyBytes) {
    this.broker = broker;
    this.bodies = new JsonBodies(maxBodyBytes);
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.post("/druid/v2", Access.READ_NAMED, this::query);
    routes.delete("/druid/v2/{queryId}", Access.READ_NAMED, this::cancel);
  }

  private void query(Context context) throws IOException {
    String ownId = UUID.randomUUID().toString();
    context.header(QueryIds.HEADER, ownId);
    try (RequestMemory.Hold held = memory.hold(context.contentLength(), bodies.maxBytes())) {
      byte[] body = bodies.bytes(context);
      held.isRead(body.length);
      Query query = QueryParser.parse(body);
      Callers.require(context, Role.READ, query.dataSource().tables());
      answer(query, context, ownId);
    }
  }

  private void answer(Query query, Context context, String ownId) throws IOException {
    String askedId = query.context().queryId();
    if (askedId != null && QueryIds.fitsHeader(askedId)) {
      context.header(QueryIds.HEADER, askedId);
    }
    String id = askedId == null ? ownId : askedId;
    ResponseContext response = new ResponseContext();
    broker.answer(
        query,
        id,
        response,
        answer -> {
          context.header(RESPONSE_CONTEXT, response.toJson());
          StreamedBody.send(
              context, id, out -> answer.writeTo(out, context.queryParam("pretty") != null));
          return true;
        });
  }

  /** As in Druid, also accepted if there is no such query, or no longer. */
  private void cancel(Context context) {
    broker.cancel(context.pathParam("queryId"));
    context.status(ACCEPTED);
  }
}
