package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others away from a server that listens on loopback. A browser on this machine
 * reaches it, whatever page it shows. Thread-safe.
 *
 * <ul>
 *   <li>A page whose name was made to point to this machine (DNS rebinding) sends that name as
 *       {@code Host}: only names of this machine are answered.
 *   <li>A page of another site sends its {@code Origin}: only the console's own is answered.
 *   <li>A form or a script can send a POST without asking the browser's leave, but not one whose
 *       body is said to be JSON. So what changes something must say that, as Starfire's clients do.
 *       Queries change nothing and come in other forms too. A browser always asks before it sends a
 *       DELETE or PUT to another site, and is not answered.
 * </ul>
 *
 * Every answer tells the browser to run only what came from here as a file, to let nobody frame it,
 * and not to guess types.
 */
final class BrowserGuard {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  /** A name or address, the latter in brackets if it has colons, and maybe a port. */
  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:]+)(:\\d{1,5})?");

  private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}");

  private final Optional<String> host;

  private BrowserGuard(Optional<String> host) {
    this.host = host.map(name -> name.toLowerCase(Locale.ROOT));
  }

  /**
   * Looks at every request before its route does.
   *
   * @param host that the server listens on, as it is configured; empty if callers must say who they
   *     are. A browser says that to names that its user has signed in to only, and others may know
   *     this machine by any name.
   */
  static void addTo(RoutesConfig routes, Optional<String> host) {
    BrowserGuard guard = new BrowserGuard(host);
    routes.before(guard::check);
    routes.beforeMatched(BrowserGuard::checkType);
  }

  private void check(Context context) {
    context
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin");
    host.ifPresent(own -> checkHost(own, context.header("Host")));
    checkOrigin(context.header("Origin"), context.header("Host"));
  }

  private static void checkHost(String host, @Nullable String header) {
    String name = header == null ? "" : name(header.toLowerCase(Locale.ROOT));
    boolean own =
        name.equals("localhost")
            || name.equals("[::1]")
            || name.equals(host)
            || name.equals("[" + host + "]")
            || LOOPBACK_ADDRESS.matcher(name).matches();
    if (!own) {
      throw new StarfireException(
          ErrorCode.FORBIDDEN,
          "the request names the host '%s', which is no name of this machine; ask for 127.0.0.1 or localhost"
              .formatted(shortened(header)));
    }
  }

  /** Empty if it is not one. */
  private static String name(String header) {
    Matcher parts = HOST.matcher(header);
    return parts.matches() ? parts.group(1) : "";
  }

  /** Clients that are no browsers send none. */
  private static void checkOrigin(@Nullable String origin, @Nullable String hostHeader) {
    if (origin == null) {
      return;
    }
    String asked = String.valueOf(hostHeader);
    if (!origin.equalsIgnoreCase("http://" + asked)
        && !origin.equalsIgnoreCase("https://" + asked)) {
      throw new StarfireException(
          ErrorCode.FORBIDDEN,
          "the request comes from a web page of '%s'; only the console of this server, at http://%s, may send requests from a browser"
              .formatted(shortened(origin), shortened(asked)));
    }
  }

  /** What may be asked by who may only read changes nothing. */
  private static void checkType(Context context) {
    Access access = Access.of(context.routeRoles());
    boolean changes = access != null && access.changes();
    if (!context.method().equals(HandlerType.POST) || !changes) {
      return;
    }
    String type = context.contentType();
    String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!plain.equals("application/json")) {
      throw new HttpResponseException(
          UNSUPPORTED_MEDIA_TYPE,
          "a request that changes something must have the header Content-Type: application/json, also without a body, so that no web page can send it unseen; this one %s"
              .formatted(type == null ? "has none" : "says '%s'".formatted(shortened(type))));
    }
  }

  /** A header may be as long as a client likes. */
  private static String shortened(@Nullable String header) {
    String text = String.valueOf(header);
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
