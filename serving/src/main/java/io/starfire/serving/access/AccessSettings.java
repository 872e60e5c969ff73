package io.starfire.serving.access;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a server finds out who asks. Without a file of users and without tokens it asks nobody, and
 * listens on loopback only.
 *
 * @param users a file that {@code bin/starfire user} writes
 * @param tokens of an identity provider
 * @param tls for connections that nobody else can read
 */
public record AccessSettings(Optional<Path> users, Optional<Tokens> tokens, Optional<Tls> tls) {
  /** Asks nobody. */
  public static final AccessSettings OPEN =
      new AccessSettings(Optional.empty(), Optional.empty(), Optional.empty());

  private static final String KEY = "starfire.server.access.";
  private static final String TLS = "starfire.server.tls.";

  /**
   * Tokens of an identity provider.
   *
   * @param keysUrl of its JSON Web Key Set
   * @param issuer that a token must name
   * @param audience that a token must name
   * @param rolesClaim the claim with the roles
   */
  public record Tokens(String keysUrl, String issuer, String audience, String rolesClaim) {
    public Tokens {
      requireNonNull(keysUrl, "keysUrl");
      requireNonNull(issuer, "issuer");
      requireNonNull(audience, "audience");
      requireNonNull(rolesClaim, "rolesClaim");
    }
  }

  /**
   * A key store, PKCS12 or JKS, with the key and the certificates of the server.
   *
   * @param password of the store and of the key
   */
  public record Tls(Path keyStore, String password) {
    @Override
    public String toString() {
      return "Tls[" + keyStore + "]";
    }
  }

  /** Reads {@code starfire.server.access} and {@code starfire.server.tls}. */
  public static AccessSettings of(StarfireConfig config) {
    Optional<Path> users =
        config.has(KEY + "users")
            ? Optional.of(Path.of(config.string(KEY + "users")))
            : Optional.empty();
    Optional<Tokens> tokens =
        config.has(KEY + "tokens.keys-url")
            ? Optional.of(
                new Tokens(
                    config.string(KEY + "tokens.keys-url"),
                    config.string(KEY + "tokens.issuer"),
                    config.string(KEY + "tokens.audience"),
                    config.string(KEY + "tokens.roles-claim")))
            : Optional.empty();
    Optional<Tls> tls =
        config.has(TLS + "key-store")
            ? Optional.of(
                new Tls(
                    Path.of(config.string(TLS + "key-store")),
                    config.string(TLS + "key-store-password")))
            : Optional.empty();
    return new AccessSettings(users, tokens, tls);
  }

  /** Whether everybody must say who he is. */
  public boolean asks() {
    return users.isPresent() || tokens.isPresent();
  }
}
