package io.starfire.serving.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import java.io.IOException;
import java.util.function.Function;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.metrics.MetricsSystem;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of JDBC clients and their answers, as JSON and as protobuf. Thread-safe. */
public final class JdbcProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcProtocol.class);
  private static final MetricsSystem NO_METRICS = NoopMetricsSystem.getInstance();

  private final Json json;
  private final Protobuf protobuf;

  /**
   * @param serverName host and port, which is told to clients
   */
  public JdbcProtocol(
      Function<SqlRequest, SqlStatement> engine, JdbcConnections connections, String serverName) {
    Meta meta = new StarfireMeta(engine, connections);
    Service.RpcMetadataResponse server = new Service.RpcMetadataResponse(serverName);
    LocalService service = new LocalService(meta, NO_METRICS);
    service.setRpcMetadata(server);
    this.json = new Json(service);
    json.setRpcMetadata(server);
    this.protobuf = new Protobuf(service);
    protobuf.setRpcMetadata(server);
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   */
  public record Answer<T>(int status, T body) {
    private static <T> Answer<T> of(HandlerResponse<T> response) {
      return new Answer<>(response.getStatusCode(), response.getResponse());
    }
  }

  /** Answers a request of JSON. */
  public Answer<String> answer(String request) {
    return Answer.of(json.apply(request));
  }

  /** Answers a request of protobuf. */
  public Answer<byte[]> answer(byte[] request) {
    return Answer.of(protobuf.apply(request));
  }

  private static final class Json extends JsonHandler {
    Json(Service service) {
      super(service, NO_METRICS);
    }

    @Override
    public HandlerResponse<String> convertToErrorResponse(Exception e) {
      return isUnreadable(e)
          ? super.badRequestErrorResponse(unreadable("JSON", e))
          : super.convertToErrorResponse(told(e));
    }
  }

  private static final class Protobuf extends ProtobufHandler {
    Protobuf(Service service) {
      super(service, new ProtobufTranslationImpl(), NO_METRICS);
    }

    @Override
    public HandlerResponse<byte[]> convertToErrorResponse(Exception e) {
      return isUnreadable(e)
          ? super.badRequestErrorResponse(unreadable("protobuf", e))
          : super.convertToErrorResponse(told(e));
    }
  }

  /** Reading a request is all that throws these. */
  private static boolean isUnreadable(Exception e) {
    return e instanceof IOException || e.getCause() instanceof IOException;
  }

  private static JdbcException unreadable(String form, Exception e) {
    Throwable cause = e instanceof IOException ? e : e.getCause();
    String why =
        cause instanceof JsonProcessingException wrong
            ? wrong.getOriginalMessage()
            : String.valueOf(cause.getMessage());
    return new JdbcException(
        "the body is no request of Avatica in %s: %s"
            .formatted(form, why.lines().findFirst().orElse("")));
  }

  /** What a client is told. A client that is told that its connection is gone connects again. */
  private static Exception told(Exception e) {
    if (e instanceof JdbcException) {
      return e;
    }
    if (e instanceof NoSuchConnectionException) {
      e.setStackTrace(new StackTraceElement[0]);
      return e;
    }
    if (e instanceof StarfireException known) {
      return JdbcException.of(known);
    }
    LOG.error("a JDBC request failed", e);
    return new JdbcException("the server failed to answer; its log says why");
  }
}
