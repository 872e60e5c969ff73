package io.starfire.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.query.Query;
import io.starfire.serving.query.QueryParser;
import io.starfire.serving.query.QueryResult;
import io.starfire.serving.query.ResponseContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Druid's query routes: native queries at {@code /druid/v2}. The whole answer is made before its
 * first byte is sent, so that an error is never hidden in a cut-off body.
 */
public final class QueryRoutes implements Routes {
  private static final String QUERY_ID = "X-Druid-Query-Id";
  private static final String RESPONSE_CONTEXT = "X-Druid-Response-Context";

  /** What may stand in a response header; other ids are answered under one of our own. */
  private static final Pattern PLAIN_ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

  private final Broker broker;
  private final JsonBodies bodies;
  private final JsonMapper mapper = JsonMapper.builder().build();

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
    routes.post(
        "/druid/v2/sql",
        context -> {
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "this version has no SQL yet; post a native timeseries or groupBy query to /druid/v2");
        });
  }

  private void query(Context context) throws IOException {
    String ownId = UUID.randomUUID().toString();
    context.header(QUERY_ID, ownId);
    Query query = QueryParser.parse(bodies.bytes(context));
    String askedId = query.context().queryId();
    if (askedId != null && PLAIN_ID.matcher(askedId).matches()) {
      context.header(QUERY_ID, askedId);
    }
    ResponseContext response = new ResponseContext();
    QueryResult result = broker.run(query, response);
    context.header(RESPONSE_CONTEXT, response.toJson());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    result.writeTo(body);
    context.status(200).contentType("application/json");
    if (context.queryParam("pretty") != null) {
      JsonNode tree = mapper.readTree(body.toByteArray());
      context.result(mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    } else {
      context.result(body.toByteArray());
    }
  }
}
