package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.ResponseContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Druid's query routes: native queries at {@code /druid/v2}. An answer that is made as a whole is
 * made before its first byte is sent. The rows of a scan are sent while they are read; if reading
 * fails after the first bytes have gone, the connection is broken off, so that no client takes a
 * part for the whole.
 */
public final class QueryRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(QueryRoutes.class);
  private static final String QUERY_ID = "X-Druid-Query-Id";
  private static final String RESPONSE_CONTEXT = "X-Druid-Response-Context";
  private static final int HELD_BACK_BYTES = 1 << 14;
  private static final int ACCEPTED = 202;

  /** What may stand in a response header; other ids are answered under one of our own. */
  private static final Pattern PLAIN_ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

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
  public void addTo(RoutesConfig routes) {
    routes.post("/druid/v2", this::query);
    routes.post("/druid/v2/candidates", this::candidates);
    routes.get("/druid/v2/datasources", this::dataSources);
    routes.get("/druid/v2/datasources/{name}", this::columns);
    routes.delete("/druid/v2/{queryId}", this::cancel);
    routes.post(
        "/druid/v2/sql",
        context -> {
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "this version has no SQL yet; post a native query to /druid/v2");
        });
  }

  private void query(Context context) throws IOException {
    String ownId = UUID.randomUUID().toString();
    context.header(QUERY_ID, ownId);
    try (RequestMemory.Hold held = memory.hold(context.contentLength(), bodies.maxBytes())) {
      byte[] body = bodies.bytes(context);
      held.isRead(body.length);
      answer(QueryParser.parse(body), context, ownId);
    }
  }

  private void answer(Query query, Context context, String ownId) throws IOException {
    String askedId = query.context().queryId();
    if (askedId != null && PLAIN_ID.matcher(askedId).matches()) {
      context.header(QUERY_ID, askedId);
    }
    String id = askedId == null ? ownId : askedId;
    ResponseContext response = new ResponseContext();
    broker.answer(
        query,
        id,
        response,
        answer -> {
          context.header(RESPONSE_CONTEXT, response.toJson());
          send(answer, context, id);
          return true;
        });
  }

  /** The segments that a query would read, and where they are: all are on this server. */
  private void candidates(Context context) {
    List<Map<String, Object>> candidates = new ArrayList<>();
    for (SegmentDescriptor segment : broker.candidates(QueryParser.parse(bodies.bytes(context)))) {
      Map<String, Object> location = new LinkedHashMap<>();
      location.put("name", context.host());
      location.put("host", context.host());
      location.put("hostAndTlsPort", null);
      location.put("maxSize", 0);
      location.put("type", "historical");
      location.put("tier", "_default_tier");
      location.put("priority", 0);
      Map<String, Object> candidate = new LinkedHashMap<>();
      candidate.put("interval", segment.id().interval().toString());
      candidate.put("version", segment.id().version());
      candidate.put("partitionNumber", segment.id().partition());
      candidate.put("size", segment.sizeBytes());
      candidate.put("locations", List.of(location));
      candidates.add(candidate);
    }
    JsonBodies.answer(context, 200, candidates);
  }

  private void dataSources(Context context) {
    JsonBodies.answer(context, 200, broker.view().dataSources());
  }

  /** Of one that does not exist, no columns, as in Druid. */
  private void columns(Context context) {
    String name = context.pathParam("name");
    List<String> dimensions = List.of();
    List<String> metrics = List.of();
    if (broker.view().dataSources().contains(name)) {
      DataSourceSchema schema = broker.view().registration(name).schema();
      dimensions = schema.dimensions().stream().map(DimensionSpec::name).toList();
      metrics = schema.metrics().stream().map(MetricSpec::name).toList();
    }
    JsonBodies.answer(context, 200, Map.of("dimensions", dimensions, "metrics", metrics));
  }

  private static void send(Answer answer, Context context, String id) throws IOException {
    HeldBackStream body = new HeldBackStream(context, HELD_BACK_BYTES);
    context.status(200).contentType("application/json");
    try {
      answer.writeTo(body, context.queryParam("pretty") != null);
      body.finish();
    } catch (RuntimeException e) {
      if (body.isSending()) {
        LOG.warn("query {} failed while its answer was sent: {}", id, e.toString());
        breakOff(context, e);
      }
      throw e;
    } catch (IOException e) {
      LOG.info(
          "query {} ended, because its client took no more of the answer: {}", id, e.toString());
      breakOff(context, e);
      throw new StarfireException(
          ErrorCode.CANCELED, "the client of the query took no more of the answer", e);
    }
  }

  /** The client sees that the body is not whole: its last chunk never comes. */
  private static void breakOff(Context context, Exception cause) {
    ServletContextRequest.getServletContextRequest(context.req()).getServletChannel().abort(cause);
  }

  /** As in Druid, also accepted if there is no such query, or no longer. */
  private void cancel(Context context) {
    broker.cancel(context.pathParam("queryId"));
    context.status(ACCEPTED);
  }
}
