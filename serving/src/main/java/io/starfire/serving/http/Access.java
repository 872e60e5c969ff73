package io.starfire.serving.http;

import io.javalin.security.RouteRole;
import io.starfire.serving.access.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may ask a route. */
public enum Access implements RouteRole {
  /** Everybody: whether the server is there. */
  OPEN(null, false),
  /** Who may see all data, and the state of the server. */
  READ(Role.READ, false),
  /**
   * Who may see the data sources that the request names. The route checks that by {@link
   * Callers#require}, or leaves out the others.
   */
  READ_NAMED(Role.READ, true),
  /** Who may change all data: publications, data sources, supervisors. */
  WRITE(Role.WRITE, false),
  /**
   * Who may change the data sources that the request names. The route checks that by {@link
   * Callers#require}.
   */
  WRITE_NAMED(Role.WRITE, true),
  /** Who may change what all queries depend on. */
  ADMIN(Role.ADMIN, false);

  private final @Nullable Role role;
  private final boolean named;

  Access(@Nullable Role role, boolean named) {
    this.role = role;
    this.named = named;
  }

  /** That of a route, as the server knows it; null if the route says nothing. */
  static @Nullable Access of(Set<RouteRole> roles) {
    return roles.stream()
        .filter(Access.class::isInstance)
        .map(Access.class::cast)
        .findFirst()
        .orElse(null);
  }

  /** Whether the route is there to change something. */
  boolean changes() {
    return role != null && role != Role.READ;
  }

  /** The role that the caller must have; null for none. */
  @Nullable Role role() {
    return role;
  }

  /** Whether the role for some data source is enough to come to the route. */
  boolean isNamed() {
    return named;
  }
}
