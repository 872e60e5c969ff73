package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Druid's SQL routes at {@code /druid/v2/sql}. Rows are sent while they are read; if reading fails
 * after the first bytes have gone, the connection is broken off.
 */
public final class SqlRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(SqlRoutes.class);
  private static final String ROOT = "/druid/v2/sql";
  private static final String HEADER_INCLUDED = "X-Druid-SQL-Header-Included";
  private static final String RESPONSE_CONTEXT = "X-Druid-Response-Context";
  private static final int ACCEPTED = 202;

  private final Function<SqlRequest, SqlStatement> engine;
  private final Predicate<String> canceller;
  private final JsonBodies bodies;
  private final RequestMemory memory;

  /**
   * @param engine reads and checks a statement
   * @param canceller cancels the statements with an id, and says whether there were any
   * @param maxBodyBytes of a statement with all that comes with it
   */
  public SqlRoutes(
      Function<SqlRequest, SqlStatement> engine, Predicate<String> canceller, int maxBodyBytes) {
    this.engine = engine;
    this.canceller = canceller;
    this.bodies = new JsonBodies(maxBodyBytes);
    this.memory = RequestMemory.ofHeap();
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.post(ROOT, Access.READ, this::query);
    routes.delete(ROOT + "/{id}", Access.READ, this::cancel);
  }

  private void query(Context context) {
    try (RequestMemory.Hold held = memory.hold(context.contentLength(), bodies.maxBytes())) {
      byte[] bytes = bodies.bytes(context);
      held.isRead(bytes.length);
      SqlBody body = isText(context) ? SqlBody.ofText(bytes) : SqlBody.ofJson(bytes);
      answer(context, body);
    } catch (StarfireException e) {
      SqlErrors.answer(context, e);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("an SQL statement failed", e);
      SqlErrors.answer(
          context,
          new StarfireException(
              ErrorCode.INTERNAL,
              "the server failed to answer the statement; its log says why",
              e));
    }
  }

  /** Anything else is read as JSON, whatever it says it is: that is what curl sends. */
  private static boolean isText(Context context) {
    String type = context.contentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/plain");
  }

  private void answer(Context context, SqlBody body) {
    String id = id(body);
    String shown = QueryIds.fitsHeader(id) ? id : UUID.randomUUID().toString();
    context.header(QueryIds.HEADER, shown).header(QueryIds.SQL_HEADER, shown);
    SqlStatement statement =
        engine.apply(new SqlRequest(body.query(), body.parameters(), body.context(), id));
    try (SqlAnswer answer = statement.run(body.parameters())) {
      context.header(RESPONSE_CONTEXT, "{}");
      if (body.header()) {
        context.header(HEADER_INCLUDED, "yes");
      }
      StreamedBody.send(context, id, out -> write(body, answer, out));
    }
  }

  private static String id(SqlBody body) {
    Object asked = body.context().get("sqlQueryId");
    if (asked == null) {
      return UUID.randomUUID().toString();
    }
    if (!(asked instanceof String id) || id.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "context.sqlQueryId must be a text that is not empty");
    }
    return id;
  }

  private static void write(SqlBody body, SqlAnswer answer, OutputStream out) throws IOException {
    SqlValues values = new SqlValues(answer.columns(), answer.zone(), stringifiesArrays(body));
    RowWriter writer = RowWriter.of(body.format(), values, out);
    if (body.header()) {
      writer.header(body.typesHeader(), body.sqlTypesHeader());
    }
    while (answer.next()) {
      writer.row(answer.row());
    }
    writer.end();
  }

  private static boolean stringifiesArrays(SqlBody body) {
    Object asked = body.context().getOrDefault("sqlStringifyArrays", true);
    if (asked instanceof Boolean flag) {
      return flag;
    }
    if (asked.equals("true") || asked.equals("false")) {
      return asked.equals("true");
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT, "context.sqlStringifyArrays must be true or false");
  }

  private void cancel(Context context) {
    String id = context.pathParam("id");
    if (!canceller.test(id)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "no SQL statement with the id '%s' is running"
              .formatted(id.length() <= 50 ? id : id.substring(0, 50) + "..."));
    }
    context.status(ACCEPTED);
  }
}
