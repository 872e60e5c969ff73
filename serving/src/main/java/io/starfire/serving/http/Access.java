package io.starfire.serving.http;

import io.javalin.security.RouteRole;

/** Who may ask a route, once there is authentication. Each includes those before it. */
public enum Access implements RouteRole {
  /** Everybody: whether the server is there. */
  OPEN,
  /** Who may see data and the state of the server. */
  READ,
  /** Who may change data: publications, data sources, supervisors. */
  WRITE,
  /** Who may change what all queries depend on. */
  ADMIN
}
