package io.starfire.kafka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The HTTP server of a daemon, with {@code /health}, {@code /ready}, {@code /status} and {@code
 * /metrics}. Health and readiness answer 200 or 503. Thread-safe.
 */
public final class DaemonServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor;

  private DaemonServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /** The answers of the routes. Implementations are thread-safe. */
  public interface Pages {
    /** Whether the process can continue. */
    boolean isHealthy();

    /** Whether it does its work. */
    boolean isReady();

    /** The status, as one JSON object. */
    String status();

    /** The metrics, in Prometheus text format. */
    String metrics();
  }

  /**
   * Starts the server.
   *
   * @param port 0 means any free port
   * @throws StarfireException with CONFLICT if the port is in use, UNSUPPORTED if {@code host} is
   *     not a loopback address: these routes ask for no credentials
   */
  public static DaemonServer start(String host, int port, Pages pages) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isLoopbackAddress()) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "health and metrics cannot listen at %s: there is no authentication for them; use 127.0.0.1"
                .formatted(host));
      }
      HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
      ExecutorService executor =
          Executors.newFixedThreadPool(
              2,
              task -> {
                Thread thread = new Thread(task, "starfire-health");
                thread.setDaemon(true);
                return thread;
              });
      server.setExecutor(executor);
      route(server, "/health", () -> flag(pages.isHealthy(), pages));
      route(server, "/ready", () -> flag(pages.isReady(), pages));
      route(server, "/status", () -> new Answer(200, "application/json", pages.status()));
      route(
          server,
          "/metrics",
          () -> new Answer(200, "text/plain; version=0.0.4; charset=utf-8", pages.metrics()));
      server.start();
      return new DaemonServer(server, executor);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "health and metrics cannot listen at %s port %d: %s; choose another port"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }

  /** The port on which the server listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private record Answer(int code, String type, String body) {}

  private static Answer flag(boolean up, Pages pages) {
    return new Answer(up ? 200 : 503, "application/json", pages.status());
  }

  private static void route(HttpServer server, String path, Supplier<Answer> page) {
    var unused =
        server.createContext(
            path,
            exchange -> {
              try (exchange) {
                answer(exchange, exchange.getRequestURI().getPath().equals(path) ? page : null);
              }
            });
  }

  private static void answer(HttpExchange exchange, Supplier<Answer> page) throws IOException {
    Answer answer = page == null ? new Answer(404, "text/plain", "not found\n") : page.get();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.code(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
