package io.starfire.serving.http;

import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The HTTP server, on Jetty. Listens on loopback addresses only, since there is no authentication
 * yet, and is kept from the web pages of others by {@link BrowserGuard}. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private final Javalin javalin;

  private HttpServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any that is free
   * @throws StarfireException with UNSUPPORTED if the host is not a loopback address, CONFLICT if
   *     the port is in use
   */
  public static HttpServer start(String host, int port, List<Routes> routes) {
    checkLoopback(host);
    Javalin javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.http.prefer405over404 = true;
              config.router.ignoreTrailingSlashes = true;
              config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              HttpErrors.addTo(config.routes);
              BrowserGuard.addTo(config.routes, host);
              RouteTable table = new RouteTable(config.routes);
              routes.forEach(group -> group.addTo(table));
            });
    try {
      javalin.start(host, port);
      return new HttpServer(javalin);
    } catch (JavalinBindException e) {
      javalin.stop();
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "port %d on %s is in use; stop what listens there, or choose another with starfire.server.port"
              .formatted(port, host),
          e);
    }
  }

  private static void checkLoopback(String host) {
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "starfire.server.host is '%s', but this version has no authentication and listens on loopback addresses only; use 127.0.0.1"
                .formatted(host));
      }
    } catch (UnknownHostException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.server.host '%s' is not the name or address of this machine; use 127.0.0.1"
              .formatted(host),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** All that it answers to, and who may ask it. */
  public List<RouteTable.Route> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> RouteTable.Route.of(handler.endpoint))
        .toList();
  }

  /** Stops to listen. */
  @Override
  public void close() {
    javalin.stop();
  }
}
