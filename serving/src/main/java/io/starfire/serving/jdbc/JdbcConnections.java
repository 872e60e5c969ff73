package io.starfire.serving.jdbc;

import static java.util.Objects.requireNonNull;

import io.starfire.common.BackgroundLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.NoSuchConnectionException;

/**
 * The connections of all JDBC clients. One that its client has forgotten is closed after a time.
 * Thread-safe. It has one thread.
 */
public final class JdbcConnections implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final JdbcSettings settings;
  private final InstantSource clock;
  private final Map<String, JdbcConnection> connections = new LinkedHashMap<>();
  private final BackgroundLoop loop =
      BackgroundLoop.named("jdbc-connections", this::closeIdle).every(LOOK).build();

  private JdbcConnections(JdbcSettings settings, InstantSource clock) {
    this.settings = requireNonNull(settings, "settings");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Starts the thread.
   *
   * @param clock by which idle time is measured
   */
  public static JdbcConnections start(JdbcSettings settings, InstantSource clock) {
    JdbcConnections connections = new JdbcConnections(settings, clock);
    connections.loop.start();
    return connections;
  }

  /** Without a thread: idle ones are closed when that is called for. */
  static JdbcConnections withoutThread(JdbcSettings settings, InstantSource clock) {
    return new JdbcConnections(settings, clock);
  }

  synchronized void open(String id, Map<String, String> info) {
    if (connections.containsKey(id)) {
      throw new JdbcException("connection %s is open already".formatted(id));
    }
    if (connections.size() >= settings.maxConnections()) {
      throw new JdbcException(
          "%d JDBC connections are open, which is the limit (starfire.server.jdbc.max-connections); close connections that are not needed"
              .formatted(connections.size()));
    }
    connections.put(id, new JdbcConnection(id, info, settings, clock));
  }

  /**
   * A connection.
   *
   * @throws NoSuchConnectionException which tells a client to connect again
   */
  synchronized JdbcConnection require(String id) {
    JdbcConnection connection = connections.get(id);
    if (connection == null) {
      throw new NoSuchConnectionException(id);
    }
    connection.touch();
    return connection;
  }

  /** Closes a statement. Does nothing if it, or its connection, is closed already. */
  void closeStatement(String connectionId, int statementId) {
    JdbcConnection connection;
    synchronized (this) {
      connection = connections.get(connectionId);
    }
    if (connection != null) {
      connection.close(statementId);
    }
  }

  /** Closes a connection. Does nothing if it is closed already. */
  void close(String id) {
    JdbcConnection connection;
    synchronized (this) {
      connection = connections.remove(id);
    }
    if (connection != null) {
      connection.close();
    }
  }

  /** Closes the connections and the statements that nobody has used for too long. */
  void closeIdle() {
    List<JdbcConnection> idle = new ArrayList<>();
    List<JdbcConnection> others = new ArrayList<>();
    synchronized (this) {
      connections
          .values()
          .removeIf(
              connection -> {
                boolean isIdle = connection.isIdle();
                (isIdle ? idle : others).add(connection);
                return isIdle;
              });
    }
    idle.forEach(JdbcConnection::close);
    others.forEach(JdbcConnection::closeIdleStatements);
  }

  /** How many connections are open. */
  public synchronized int open() {
    return connections.size();
  }

  /** The state of the thread. */
  public List<BackgroundLoop.Status> loops() {
    return List.of(loop.status());
  }

  @Override
  public void close() {
    loop.close();
    List<JdbcConnection> open;
    synchronized (this) {
      open = List.copyOf(connections.values());
      connections.clear();
    }
    open.forEach(JdbcConnection::close);
  }
}
