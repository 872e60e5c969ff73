package io.starfire.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.jdbc.JdbcConnections;
import io.starfire.serving.jdbc.JdbcProtocol;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where JDBC clients send the requests of Avatica, under {@code /druid/v2/sql}: {@code avatica} for
 * JSON, {@code avatica-protobuf} for protobuf. Both say that they send bytes.
 */
public final class AvaticaRoutes implements Routes {
  private static final String ROOT = "/druid/v2/sql";

  private final Function<SqlRequest, SqlStatement> engine;
  private final JdbcConnections connections;
  private final Inventory.Place place;
  private final JsonBodies bodies;
  private volatile @Nullable JdbcProtocol protocol;

  /**
   * @param place whose name clients are told
   * @param maxBodyBytes of a request
   */
  public AvaticaRoutes(
      Function<SqlRequest, SqlStatement> engine,
      JdbcConnections connections,
      Inventory.Place place,
      int maxBodyBytes) {
    this.engine = engine;
    this.connections = connections;
    this.place = place;
    this.bodies = new JsonBodies(maxBodyBytes);
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.post(ROOT + "/avatica", Access.READ, this::json);
    routes.post(ROOT + "/avatica-protobuf", Access.READ, this::protobuf);
  }

  /** Made by the first request: the port is not known before. */
  private JdbcProtocol protocol() {
    JdbcProtocol present = protocol;
    if (present == null) {
      present = new JdbcProtocol(engine, connections, place.name());
      protocol = present;
    }
    return present;
  }

  private void json(Context context) {
    JdbcProtocol.Answer<String> answer =
        protocol().answer(new String(bodies.bytes(context), UTF_8));
    context
        .status(answer.status())
        .contentType("application/json;charset=utf-8")
        .result(answer.body().getBytes(UTF_8));
  }

  private void protobuf(Context context) {
    JdbcProtocol.Answer<byte[]> answer = protocol().answer(bodies.bytes(context));
    context
        .status(answer.status())
        .contentType("application/octet-stream;charset=utf-8")
        .result(answer.body());
  }
}
