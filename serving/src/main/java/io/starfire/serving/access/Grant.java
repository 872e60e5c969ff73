package io.starfire.serving.access;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import org.jspecify.annotations.Nullable;

/**
 * A role that somebody has. Written {@code read}, or {@code read:ad_events} for one data source.
 *
 * @param dataSource null for all, and for what belongs to none
 */
public record Grant(Role role, @Nullable String dataSource) {
  public Grant {
    requireNonNull(role, "role");
    if (role == Role.ADMIN && dataSource != null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "admin:%s is not possible, since admin is about the whole server; write admin, or write:%s"
              .formatted(dataSource, dataSource));
    }
  }

  /**
   * Reads a grant.
   *
   * @throws StarfireException with INVALID_INPUT if it is none
   */
  public static Grant parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new Grant(Role.parse(text), null);
    }
    String dataSource = text.substring(colon + 1);
    if (dataSource.isBlank()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'%s' names no data source; write %s, or %sad_events"
              .formatted(text, text.substring(0, colon), text));
    }
    return new Grant(Role.parse(text.substring(0, colon)), dataSource);
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return dataSource == null ? role.text() : role.text() + ":" + dataSource;
  }
}
