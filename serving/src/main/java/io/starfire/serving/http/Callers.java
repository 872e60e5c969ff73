package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.access.Identity;
import io.starfire.serving.access.Role;
import io.starfire.serving.access.SignIn;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a request to its route only if its caller may ask that. Changes, and requests that are not
 * let through, are written to the log {@code starfire.audit}: who, from where, what, and how it
 * ended. Thread-safe.
 */
final class Callers {
  private static final Logger AUDIT = LoggerFactory.getLogger("starfire.audit");
  private static final String IDENTITY = "starfire.identity";
  private static final int MAX_SHOWN = 200;

  private final SignIn signIn;

  private Callers(SignIn signIn) {
    this.signIn = signIn;
  }

  /** Checks each request for which there is a route. */
  static void addTo(RoutesConfig routes, SignIn signIn) {
    Callers callers = new Callers(signIn);
    routes.beforeMatched(callers::check);
    routes.after(Callers::audit);
  }

  private void check(Context context) {
    Access access = Access.of(context.routeRoles());
    // A route that says nothing is for administrators.
    Role role = access == null ? Role.ADMIN : access.role();
    if (role == null) {
      return;
    }
    Identity identity = identify(context);
    context.attribute(IDENTITY, identity);
    boolean named = access != null && access.isNamed();
    boolean may = named ? identity.maySomewhere(role) : identity.may(role);
    if (!may) {
      throw refused(context, "%s is not allowed to %s".formatted(identity.name(), text(role)));
    }
  }

  private Identity identify(Context context) {
    try {
      return signIn.identify(context.header("Authorization"), context.ip());
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNAUTHENTICATED) {
        context.header("WWW-Authenticate", signIn.challenge());
      }
      AUDIT.warn("{} {} from {}: {}", context.method(), path(context), context.ip(), e.code());
      throw e;
    }
  }

  /** Who sent the request. */
  static Identity of(Context context) {
    Identity identity = context.attribute(IDENTITY);
    if (identity == null) {
      throw new IllegalStateException("the route " + context.path() + " is open to everybody");
    }
    return identity;
  }

  /**
   * Makes sure that the caller has a role for data sources.
   *
   * @throws StarfireException with FORBIDDEN, naming the first for which it is not
   */
  static void require(Context context, Role role, Collection<String> dataSources) {
    Identity identity = of(context);
    for (String dataSource : dataSources) {
      if (!identity.may(role, dataSource)) {
        throw refused(
            context,
            "%s is not allowed to %s data source '%s'"
                .formatted(identity.name(), text(role), dataSource));
      }
    }
  }

  /** The same for one. */
  static void require(Context context, Role role, String dataSource) {
    require(context, role, List.of(dataSource));
  }

  private static StarfireException refused(Context context, String sentence) {
    AUDIT.warn("{} {} from {}: {}", context.method(), path(context), context.ip(), sentence);
    return new StarfireException(
        ErrorCode.FORBIDDEN, sentence + "; an administrator gives roles to users");
  }

  private static String text(Role role) {
    return switch (role) {
      case READ -> "read";
      case WRITE -> "change";
      case ADMIN -> "administer";
    };
  }

  /** After every request, also one that failed. Queries are POSTs too, but change nothing. */
  private static void audit(Context context) {
    Access access = Access.of(context.routeRoles());
    boolean changes =
        !context.method().equals(HandlerType.GET) && access != null && access.changes();
    if (changes) {
      Identity caller = context.attribute(IDENTITY);
      AUDIT.info(
          "{} {} by {} from {}: {}",
          context.method(),
          path(context),
          caller == null ? "somebody unknown" : caller.name(),
          context.ip(),
          context.statusCode());
    }
  }

  private static String path(Context context) {
    String path = context.path();
    return path.length() <= MAX_SHOWN ? path : path.substring(0, MAX_SHOWN) + "...";
  }
}
