package io.starfire.serving.metadata;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which database holds the metadata.
 *
 * @param url {@code jdbc:h2:file:} and an absolute path without its ending, or {@code
 *     jdbc:postgresql://HOST:PORT/DATABASE}
 * @param user of PostgreSQL; not for H2
 * @param password of that user
 */
public record MetadataLocation(String url, Optional<String> user, Optional<String> password) {
  static final String H2_PREFIX = "jdbc:h2:file:";
  static final String POSTGRESQL_PREFIX = "jdbc:postgresql:";

  public MetadataLocation {
    requireNonNull(url, "url");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
  }

  /** A database that needs no user. */
  public static MetadataLocation of(String url) {
    return new MetadataLocation(url, Optional.empty(), Optional.empty());
  }

  /** An H2 database in a file. */
  public static MetadataLocation h2(Path file) {
    return of(H2_PREFIX + file.toAbsolutePath());
  }

  /** Without the password, also without one that stands in the URL. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
