package io.starfire.serving.metadata;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database. An advisory lock keeps a second coordinator out while the connection that
 * holds it lasts; after that the lease does, see {@link MetadataStore}. Thread-safe.
 */
final class PostgresDatabase implements Database {
  /** Any number that other users of advisory locks are unlikely to take. */
  private static final long LOCK = 0x5374_6172_6669_7265L;

  private static final int CONNECT_SECONDS = 10;

  /** Longer than any statement takes, and shorter than a person waits for a host that is gone. */
  private static final int ANSWER_SECONDS = 60;

  private final MetadataLocation location;
  private final PGSimpleDataSource source;
  private final IdleConnections idle = new IdleConnections();
  private @Nullable Connection lock;

  private PostgresDatabase(MetadataLocation location, PGSimpleDataSource source) {
    this.location = location;
    this.source = source;
  }

  static PostgresDatabase open(MetadataLocation location) {
    PostgresDatabase database = new PostgresDatabase(location, source(location));
    boolean open = false;
    try {
      Connection lock = database.source.getConnection();
      database.lock = lock;
      open = database.tryLock(lock);
    } catch (SQLException e) {
      throw database.cannotOpen(e);
    } finally {
      if (!open) {
        IdleConnections.closeQuietly(database.lock);
      }
    }
    if (!open) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "another server has the metadata store %s open; stop that server or name another database in starfire.metadata.url"
              .formatted(location));
    }
    return database;
  }

  private static PGSimpleDataSource source(MetadataLocation location) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("starfire");
    try {
      source.setUrl(location.url());
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.metadata.url '%s' cannot be read; write jdbc:postgresql://HOST:PORT/DATABASE"
              .formatted(location),
          e);
    }
    location.user().ifPresent(source::setUser);
    location.password().ifPresent(source::setPassword);
    return source;
  }

  private boolean tryLock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_try_advisory_lock(?)")) {
      statement.setLong(1, LOCK);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  @Override
  public Connection openConnection() throws SQLException {
    Connection kept = idle.take();
    return kept == null ? source.getConnection() : kept;
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    idle.giveBack(connection);
  }

  @Override
  public DataSource forMigrations() {
    return source;
  }

  /** What PostgreSQL has committed is on disk. */
  @Override
  public void sync(Jdbi jdbi) {}

  @Override
  public StarfireException cannotOpen(Exception e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the metadata store %s could not be opened: %s".formatted(location, advice(e)),
        e);
  }

  @Override
  public StarfireException doesNotAnswer(Exception e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the metadata store %s does not answer: %s".formatted(location, advice(e)),
        e);
  }

  /** What PostgreSQL says, and what to do about it, by its error code. */
  private static String advice(Exception e) {
    SQLException sql = Database.sqlCause(e);
    if (sql == null || sql.getSQLState() == null) {
      return String.valueOf(e.getMessage());
    }
    String said = String.valueOf(sql.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
    String state = sql.getSQLState();
    return switch (state) {
      case "28000", "28P01" ->
          said + "; correct starfire.metadata.user and starfire.metadata.password";
      case "3D000" -> said + "; create it with 'createdb', or correct starfire.metadata.url";
      case "42501" ->
          said + "; let the user create tables there, best as the owner of the database";
      case "53100" -> "disk full on the database's host: " + said + "; make room there";
      case "53300" -> said + "; raise max_connections";
      default ->
          state.startsWith("08")
              ? said + "; check that PostgreSQL runs and that starfire.metadata.url names it"
              : said;
    };
  }

  @Override
  public void close() {
    idle.close();
    IdleConnections.closeQuietly(lock);
  }
}
