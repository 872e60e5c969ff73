package io.starfire.serving.metadata;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The metadata store: an H2 database in one file, which one process at a time may have open. Its
 * tables are described in the migration script beside this class.
 *
 * <p>All access is by functions over a {@link MetadataTransaction}. Writes are done one at a time;
 * when {@link #write} returns, what was written is on disk, and when it throws, nothing of it is.
 * Thread-safe.
 */
public final class MetadataStore implements AutoCloseable {
  private static final String FILE_PREFIX = "jdbc:h2:file:";

  /** Commits reach the file before they return; closing is by us, not by H2's shutdown hook. */
  private static final String OPTIONS = ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";

  private final JdbcConnectionPool pool;
  private final Jdbi jdbi;
  private final ReentrantLock writing = new ReentrantLock();

  private MetadataStore(JdbcConnectionPool pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Opens the store and brings its tables up to date, creating it if there is none.
   *
   * @param url {@code jdbc:h2:file:} and the absolute path of the file without its ending
   * @throws StarfireException with UNSUPPORTED if it is another database, CONFLICT if another
   *     process has it open, UNAVAILABLE if it cannot be opened
   */
  public static MetadataStore open(String url) {
    requireNonNull(url, "url");
    if (!url.startsWith(FILE_PREFIX)) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "starfire.metadata.url is '%s', but only H2 files are supported; write %s and a path"
              .formatted(url, FILE_PREFIX));
    }
    JdbcConnectionPool pool = JdbcConnectionPool.create(url + OPTIONS, "starfire", "");
    try {
      pool.getConnection().close();
      migrate(pool);
      return new MetadataStore(pool);
    } catch (SQLException e) {
      pool.dispose();
      throw cannotOpen(url, e);
    } catch (FlywayException e) {
      pool.dispose();
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the tables of metadata store %s could not be brought up to date: %s"
              .formatted(url, e.getMessage()),
          e);
    }
  }

  private static void migrate(JdbcConnectionPool pool) {
    Flyway.configure(MetadataStore.class.getClassLoader())
        .dataSource(pool)
        .locations("classpath:io/starfire/serving/metadata/migrations")
        .failOnMissingLocations(true)
        .load()
        .migrate();
  }

  private static StarfireException cannotOpen(String url, SQLException e) {
    if (e.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1) {
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

  /** Runs a function that only reads, over one consistent state. */
  public <T> T read(Function<MetadataTransaction, T> function) {
    return inTransaction(function);
  }

  /**
   * Runs a function that writes, alone. Committed and on disk when it returns; rolled back if it
   * throws.
   */
  public <T> T write(Function<MetadataTransaction, T> function) {
    writing.lock();
    try {
      T result = inTransaction(function);
      jdbi.useHandle(handle -> handle.execute("checkpoint sync"));
      return result;
    } finally {
      writing.unlock();
    }
  }

  private <T> T inTransaction(Function<MetadataTransaction, T> function) {
    try {
      return jdbi.inTransaction(
          TransactionIsolationLevel.REPEATABLE_READ,
          (Handle handle) -> function.apply(new MetadataTransaction(handle)));
    } catch (JdbiException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the metadata store does not answer: " + e.getMessage(), e);
    }
  }

  /** Closes the file; what is being written is finished first. */
  @Override
  public void close() {
    writing.lock();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown");
    } catch (SQLException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the metadata store could not be closed: " + e.getMessage(), e);
    } finally {
      pool.dispose();
      writing.unlock();
    }
  }
}
