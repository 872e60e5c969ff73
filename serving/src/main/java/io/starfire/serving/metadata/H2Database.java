package io.starfire.serving.metadata;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Jdbi;

/** An H2 database in one file, which one process at a time may have open. Thread-safe. */
final class H2Database implements Database {
  /**
   * Commits reach the file before they return. We close the database; H2's shutdown hook does not.
   * H2 writes no trace file, since we report its errors.
   */
  private static final String OPTIONS =
      ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

  private final String url;
  private final JdbcConnectionPool pool;

  private H2Database(String url) {
    this.url = url;
    this.pool = JdbcConnectionPool.create(url + OPTIONS, "starfire", "");
  }

  static H2Database open(MetadataLocation location) {
    H2Database database = new H2Database(location.url());
    try {
      database.openConnection().close();
      return database;
    } catch (SQLException e) {
      database.pool.dispose();
      throw database.cannotOpen(e);
    }
  }

  @Override
  public Connection openConnection() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public DataSource forMigrations() {
    return pool;
  }

  @Override
  public void sync(Jdbi jdbi) {
    jdbi.useHandle(handle -> handle.execute("checkpoint sync"));
  }

  @Override
  public StarfireException cannotOpen(Exception e) {
    if (DiskFull.isCauseOf(e)) {
      return DiskFull.at("the metadata store", file(), e);
    }
    SQLException sql = Database.sqlCause(e);
    if (sql != null && sql.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return new StarfireException(
          ErrorCode.CONFLICT,
          "another process has the metadata store %s open; stop that server or give this one another data directory"
              .formatted(url),
          e);
    }
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the metadata store %s could not be opened: %s".formatted(url, e.getMessage()),
        e);
  }

  @Override
  public StarfireException doesNotAnswer(Exception e) {
    return DiskFull.isCauseOf(e)
        ? DiskFull.at("the metadata store", file(), e)
        : new StarfireException(
            ErrorCode.UNAVAILABLE, "the metadata store does not answer: " + e.getMessage(), e);
  }

  private Path file() {
    return Path.of(url.substring(MetadataLocation.H2_PREFIX.length()) + ".mv.db");
  }

  @Override
  public void close() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown");
    } catch (SQLException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the metadata store could not be closed: " + e.getMessage(), e);
    } finally {
      pool.dispose();
    }
  }
}
