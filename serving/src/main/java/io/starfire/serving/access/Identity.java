package io.starfire.serving.access;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Who asks. Immutable.
 *
 * @param name of the user, or the subject of a token
 */
public record Identity(String name, List<Grant> grants) {
  /** Whoever asks a server without authentication: it listens on loopback, and hides nothing. */
  public static final Identity ANYBODY =
      new Identity("anybody", List.of(new Grant(Role.ADMIN, null)));

  public Identity {
    requireNonNull(name, "name");
    grants = List.copyOf(grants);
  }

  /** Whether it has the role for all data sources, and for what belongs to none. */
  public boolean may(Role role) {
    return grants.stream()
        .anyMatch(grant -> grant.dataSource() == null && grant.role().includes(role));
  }

  /** Whether it has the role for the data source. */
  public boolean may(Role role, String dataSource) {
    return grants.stream()
        .filter(grant -> grant.role().includes(role))
        .anyMatch(grant -> grant.dataSource() == null || grant.dataSource().equals(dataSource));
  }

  /** Whether it has the role for anything. */
  public boolean maySomewhere(Role role) {
    return grants.stream().anyMatch(grant -> grant.role().includes(role));
  }
}
