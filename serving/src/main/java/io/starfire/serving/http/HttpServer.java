package io.starfire.serving.http;

import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.access.AccessSettings;
import io.starfire.serving.access.SignIn;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server, on Jetty. Listens on loopback addresses only, unless it asks its callers who
 * they are, and is kept from the web pages of others by {@link BrowserGuard}. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Javalin javalin;

  private HttpServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /** Starts to listen, and asks nobody who he is. Errors as of the other. */
  public static HttpServer start(String host, int port, List<Routes> routes) {
    return start(host, port, AccessSettings.OPEN, SignIn.NOT_ASKED, routes);
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any that is free
   * @param access how callers say who they are
   * @param signIn made of these settings
   * @throws StarfireException with UNSUPPORTED if nobody is asked who he is, and the host is not a
   *     loopback address; CONFLICT if the port is in use; INVALID_INPUT if the key store cannot be
   *     used
   */
  public static HttpServer start(
      String host, int port, AccessSettings access, SignIn signIn, List<Routes> routes) {
    checkHost(host, access);
    Optional<TlsConnectors> tls = access.tls().map(store -> TlsConnectors.of(store, host, port));
    Javalin javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.http.prefer405over404 = true;
              config.router.ignoreTrailingSlashes = true;
              config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              tls.ifPresent(connectors -> config.jetty.addConnector(connectors::connector));
              HttpErrors.addTo(config.routes);
              BrowserGuard.addTo(
                  config.routes, access.asks() ? Optional.empty() : Optional.of(host));
              Callers.addTo(config.routes, signIn);
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

  private static void checkHost(String host, AccessSettings access) {
    boolean isLoopback;
    try {
      isLoopback = InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.server.host '%s' is not the name or address of this machine; use 127.0.0.1"
              .formatted(host),
          e);
    }
    if (!isLoopback && !access.asks()) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "starfire.server.host is '%s', which others can reach, but nobody is asked who he is; set starfire.server.access.users or tokens, or use 127.0.0.1"
              .formatted(host));
    }
    if (!isLoopback && access.tls().isEmpty()) {
      LOG.warn(
          "passwords and tokens come to {} without TLS, so that who is between can read them; set"
              + " starfire.server.tls.key-store",
          host);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** All that it answers to, and who may ask it. */
  public List<RouteTable.Route> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        // What looks at every request answers to none.
        .filter(handler -> handler.endpoint.method.isHttpMethod())
        .map(handler -> RouteTable.Route.of(handler.endpoint))
        .toList();
  }

  /** Stops to listen. */
  @Override
  public void close() {
    javalin.stop();
  }
}
