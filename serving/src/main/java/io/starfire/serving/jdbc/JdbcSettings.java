package io.starfire.serving.jdbc;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What JDBC clients may hold.
 *
 * @param maxConnections at once
 * @param maxStatements of one connection at once
 * @param connectionIdle after which a connection that is not used is closed
 * @param statementIdle after which a statement that is not used is closed, with the rows that its
 *     client has not fetched
 */
public record JdbcSettings(
    int maxConnections, int maxStatements, Duration connectionIdle, Duration statementIdle) {
  public static final JdbcSettings DEFAULT =
      new JdbcSettings(200, 100, Duration.ofMinutes(30), Duration.ofMinutes(5));

  public JdbcSettings {
    requireNonNull(connectionIdle, "connectionIdle");
    requireNonNull(statementIdle, "statementIdle");
  }
}
