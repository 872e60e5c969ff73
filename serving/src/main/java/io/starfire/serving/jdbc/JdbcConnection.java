package io.starfire.serving.jdbc;

import io.starfire.serving.sql.SqlRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One connection of a client, and its statements. Thread-safe. */
final class JdbcConnection implements AutoCloseable {
  /** What is no setting of a query. */
  private static final Set<String> CREDENTIALS = Set.of("user", "password");

  private final String id;
  private final Map<String, Object> context;
  private final JdbcSettings settings;
  private final InstantSource clock;
  private final Map<Integer, Held> statements = new LinkedHashMap<>();
  private int lastId;
  private long usedMillis;

  /** A statement, and how it is used. */
  private static final class Held {
    private final JdbcStatement statement;
    private long usedMillis;
    private int uses;

    Held(JdbcStatement statement, long usedMillis) {
      this.statement = statement;
      this.usedMillis = usedMillis;
    }
  }

  /**
   * @param info what the client connects with: settings of its queries, a user, a password
   */
  JdbcConnection(String id, Map<String, String> info, JdbcSettings settings, InstantSource clock) {
    this.id = id;
    this.context = context(info);
    this.settings = settings;
    this.clock = clock;
    this.usedMillis = clock.millis();
  }

  private static Map<String, Object> context(Map<String, String> info) {
    Map<String, Object> context = new LinkedHashMap<>();
    info.forEach(
        (name, value) -> {
          if (!CREDENTIALS.contains(name) && value != null) {
            context.put(name, typed(value));
          }
        });
    context.put("sqlStringifyArrays", false);
    return context;
  }

  /** Properties are texts; settings are not. */
  private static Object typed(String value) {
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      return value;
    }
  }

  /** A statement of this connection, ready to be prepared. */
  SqlRequest request(String sql) {
    return new SqlRequest(sql, List.of(), context, UUID.randomUUID().toString());
  }

  /** A new statement. */
  synchronized JdbcStatement create() {
    touch();
    if (statements.size() >= settings.maxStatements()) {
      throw new JdbcException(
          "connection %s has %d open statements, which is the limit (starfire.server.jdbc.max-statements); close statements and result sets that are not needed"
              .formatted(id, statements.size()));
    }
    JdbcStatement statement = new JdbcStatement(id, ++lastId);
    statements.put(statement.id(), new Held(statement, clock.millis()));
    return statement;
  }

  /** A statement in use, until this is closed. */
  final class Use implements AutoCloseable {
    private final Held held;

    private Use(Held held) {
      this.held = held;
    }

    JdbcStatement statement() {
      return held.statement;
    }

    @Override
    public void close() {
      synchronized (JdbcConnection.this) {
        held.uses--;
        held.usedMillis = clock.millis();
        touch();
      }
    }
  }

  /** Takes a statement for a request; null if there is none of this id, or none any more. */
  synchronized @Nullable Use use(int statementId) {
    touch();
    Held held = statements.get(statementId);
    if (held == null) {
      return null;
    }
    held.uses++;
    return new Use(held);
  }

  /** Closes a statement. Does nothing if it is closed already. */
  void close(int statementId) {
    Held held;
    synchronized (this) {
      touch();
      held = statements.remove(statementId);
    }
    if (held != null) {
      held.statement.close();
    }
  }

  synchronized void touch() {
    usedMillis = clock.millis();
  }

  /** Closes the statements that nobody has used for too long. */
  void closeIdleStatements() {
    List<JdbcStatement> idle = new ArrayList<>();
    synchronized (this) {
      long latest = clock.millis() - settings.statementIdle().toMillis();
      statements
          .values()
          .removeIf(
              held -> {
                boolean isIdle = held.uses == 0 && held.usedMillis <= latest;
                if (isIdle) {
                  idle.add(held.statement);
                }
                return isIdle;
              });
    }
    idle.forEach(JdbcStatement::close);
  }

  /** Whether nobody has used it for too long. */
  synchronized boolean isIdle() {
    return usedMillis <= clock.millis() - settings.connectionIdle().toMillis()
        && statements.values().stream().allMatch(held -> held.uses == 0);
  }

  synchronized int openStatements() {
    return statements.size();
  }

  @Override
  public void close() {
    List<Held> open;
    synchronized (this) {
      open = List.copyOf(statements.values());
      statements.clear();
    }
    open.forEach(held -> held.statement.close());
  }
}
