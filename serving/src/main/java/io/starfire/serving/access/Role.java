package io.starfire.serving.access;

import static java.util.stream.Collectors.joining;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Arrays;
import java.util.Locale;

/** What somebody may do. Each role includes those before it. */
public enum Role {
  /** See data, and the state of the server. */
  READ,
  /** Change data: publications, data sources, supervisors. */
  WRITE,
  /** Change what all queries depend on. */
  ADMIN;

  /** Whether who has this role may do what the other one allows. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /** As it stands in files, tokens and messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a role.
   *
   * @throws StarfireException with INVALID_INPUT if there is none of that name
   */
  static Role parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "'%s' is no role; the roles are %s, each alone or for one data source, such as write:ad_events"
            .formatted(text, Arrays.stream(values()).map(Role::text).collect(joining(", "))));
  }
}
