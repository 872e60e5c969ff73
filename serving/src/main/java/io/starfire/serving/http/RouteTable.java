package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import org.jspecify.annotations.Nullable;

/**
 * Where all routes of a server are added, each with who may ask it. Of two routes that fit a path,
 * the one that was added first answers.
 */
public final class RouteTable {
  private final RoutesConfig routes;

  RouteTable(RoutesConfig routes) {
    this.routes = routes;
  }

  /**
   * One route.
   *
   * @param method such as GET
   * @param path with the names of its parameters in braces
   * @param access null if it was not added here
   */
  public record Route(String method, String path, @Nullable Access access) {
    static Route of(Endpoint endpoint) {
      Roles roles = endpoint.metadata(Roles.class);
      return new Route(
          endpoint.method.name(),
          endpoint.path,
          roles == null ? null : Access.of(roles.getRoles()));
    }
  }

  /** Adds what answers a GET. */
  public void get(String path, Access access, Handler handler) {
    add(HandlerType.GET, path, access, handler);
  }

  /** Adds what answers a POST. */
  public void post(String path, Access access, Handler handler) {
    add(HandlerType.POST, path, access, handler);
  }

  /** Adds what answers a DELETE. */
  public void delete(String path, Access access, Handler handler) {
    add(HandlerType.DELETE, path, access, handler);
  }

  private void add(HandlerType method, String path, Access access, Handler handler) {
    var unused = routes.addHttpHandler(method, path, handler, access);
  }
}
