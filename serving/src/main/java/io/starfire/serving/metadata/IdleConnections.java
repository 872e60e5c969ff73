package io.starfire.serving.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that nobody uses at the moment, so that not every transaction opens one. A connection
 * is asked whether it lives before it is used again: so a database that was restarted is found
 * again by the next transaction. Thread-safe.
 */
final class IdleConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleConnections.class);
  private static final int MOST = 4;
  private static final int CHECK_SECONDS = 5;

  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  /** One that lives; null if there is none. */
  @Nullable Connection take() throws SQLException {
    for (Connection candidate = pop(); candidate != null; candidate = pop()) {
      if (candidate.isValid(CHECK_SECONDS)) {
        return candidate;
      }
      closeQuietly(candidate);
    }
    return null;
  }

  private synchronized @Nullable Connection pop() {
    return idle.pollFirst();
  }

  void giveBack(Connection connection) throws SQLException {
    if (!keep(connection)) {
      connection.close();
    }
  }

  /** The one that was used last is used next, so that those that are too many grow old. */
  private synchronized boolean keep(Connection connection) throws SQLException {
    if (closed || idle.size() >= MOST || connection.isClosed()) {
      return false;
    }
    idle.addFirst(connection);
    return true;
  }

  @Override
  public void close() {
    Deque<Connection> all;
    synchronized (this) {
      closed = true;
      all = new ArrayDeque<>(idle);
      idle.clear();
    }
    all.forEach(IdleConnections::closeQuietly);
  }

  static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.debug("a connection that is not needed any more did not close cleanly", e);
    }
  }
}
