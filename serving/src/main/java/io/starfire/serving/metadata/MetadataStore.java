package io.starfire.serving.metadata;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The metadata store: an H2 database in one file, or a PostgreSQL database; one coordinator at a
 * time may have it open. Its tables are described in the migration scripts beside this class, whose
 * SQL both databases understand.
 *
 * <p>All access is by functions over a {@link MetadataTransaction}. Writes are done one at a time,
 * and counted in the same transaction. When {@link #write} returns, what was written is on disk.
 * When it throws, nothing was written, unless the code of the error is UNKNOWN_OUTCOME.
 *
 * <p>Who opens the store takes the next number of its lease. Each write checks that number: so a
 * coordinator that was cut off from its database, and comes back after another one has opened it,
 * writes nothing any more. Thread-safe.
 */
public final class MetadataStore implements AutoCloseable {
  private final Database database;
  private final Jdbi jdbi;
  private final ReentrantLock writing = new ReentrantLock();
  private final long lease;

  private MetadataStore(Database database, ConnectionFactory connections) {
    this.database = database;
    this.jdbi = Jdbi.create(connections);
    this.lease = jdbi.inTransaction(MetadataStore::nextLease);
  }

  /** As the other, for a database that needs no user. */
  public static MetadataStore open(String url) {
    return open(MetadataLocation.of(requireNonNull(url, "url")));
  }

  /**
   * Opens the store and brings its tables up to date. An H2 file is created if there is none; a
   * PostgreSQL database must be there, and may be empty.
   *
   * @throws StarfireException with UNSUPPORTED if it is another database, CONFLICT if another
   *     process has it open, UNAVAILABLE if it cannot be opened
   */
  public static MetadataStore open(MetadataLocation location) {
    return open(location, connections -> connections);
  }

  /** The same with connections that a test can have fail. */
  static MetadataStore open(
      MetadataLocation location, UnaryOperator<ConnectionFactory> connections) {
    Database database = database(location);
    boolean open = false;
    try {
      migrate(database);
      MetadataStore store = new MetadataStore(database, connections.apply(database));
      open = true;
      return store;
    } catch (FlywayException | JdbiException e) {
      throw database.cannotOpen(e);
    } finally {
      if (!open) {
        closeQuietly(database);
      }
    }
  }

  private static Database database(MetadataLocation location) {
    if (location.url().startsWith(MetadataLocation.H2_PREFIX)) {
      return H2Database.open(location);
    }
    if (location.url().startsWith(MetadataLocation.POSTGRESQL_PREFIX)) {
      return PostgresDatabase.open(location);
    }
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "starfire.metadata.url is '%s', which is neither an H2 file nor PostgreSQL; write %s/PATH or %s//HOST:PORT/DATABASE"
            .formatted(location, MetadataLocation.H2_PREFIX, MetadataLocation.POSTGRESQL_PREFIX));
  }

  private static void migrate(Database database) {
    Flyway.configure(MetadataStore.class.getClassLoader())
        .dataSource(database.forMigrations())
        .locations("classpath:io/starfire/serving/metadata/migrations")
        .failOnMissingLocations(true)
        .load()
        .migrate();
  }

  private static void closeQuietly(Database database) {
    try {
      database.close();
    } catch (StarfireException e) {
      // Why it could not be opened is being said.
    }
  }

  private static long nextLease(Handle handle) {
    handle.execute("update coordinator_lease set number = number + 1");
    return handle.createQuery("select number from coordinator_lease").mapTo(Long.class).one();
  }

  /** Runs a function that only reads, over one consistent state. */
  public <T> T read(Function<MetadataTransaction, T> function) {
    return inTransaction(handle -> function.apply(new MetadataTransaction(handle)));
  }

  /**
   * Runs a function that writes, alone. Committed and on disk when it returns.
   *
   * @throws StarfireException with UNKNOWN_OUTCOME if it may have been committed, or is committed
   *     and may not be on disk; nothing was written if anything else is thrown, such as CONFLICT if
   *     another coordinator has opened the store since
   */
  public <T> T write(Function<MetadataTransaction, T> function) {
    writing.lock();
    try {
      T result = commit(function);
      sync();
      return result;
    } finally {
      writing.unlock();
    }
  }

  private <T> T commit(Function<MetadataTransaction, T> function) {
    AtomicReference<Written<T>> written = new AtomicReference<>();
    try {
      return inTransaction(
          handle -> {
            requireLease(handle);
            MetadataTransaction transaction = new MetadataTransaction(handle);
            T result = function.apply(transaction);
            written.set(new Written<>(result, transaction.nextWriteNumber()));
            return result;
          });
    } catch (StarfireException e) {
      // The commit itself failed: the count of writes tells whether it was done all the same.
      Written<T> done = written.get();
      if (done != null && isCommitted(done.count(), e)) {
        return done.result();
      }
      throw e;
    }
  }

  /** What a function returned, and the count of writes with it. */
  private record Written<T>(T result, long count) {}

  /** Waits by the lease for a commit that the database may still be at. */
  private boolean isCommitted(long count, StarfireException failure) {
    try {
      return inTransaction(
          handle -> {
            requireLease(handle);
            return new MetadataTransaction(handle).writeNumber() >= count;
          });
    } catch (StarfireException e) {
      failure.addSuppressed(e);
      throw unknown("whether what was written is stored", failure);
    }
  }

  private void sync() {
    try {
      database.sync(jdbi);
    } catch (JdbiException e) {
      throw unknown("whether what was written survives a crash", database.doesNotAnswer(e));
    }
  }

  private static StarfireException unknown(String what, StarfireException cause) {
    return new StarfireException(
        ErrorCode.UNKNOWN_OUTCOME,
        "it is not known %s: %s; look at the state, or do the same again"
            .formatted(what, cause.getMessage()),
        cause);
  }

  /** An update, so that two that overlap wait for each other. */
  private void requireLease(Handle handle) {
    int held =
        handle.execute("update coordinator_lease set number = ? where number = ?", lease, lease);
    if (held == 0) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "another coordinator has opened the metadata store since this one did, so that this one"
              + " may not write any more; stop one of them");
    }
  }

  private <T> T inTransaction(Function<Handle, T> function) {
    try {
      return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, function::apply);
    } catch (JdbiException e) {
      throw database.doesNotAnswer(e);
    }
  }

  /** Closes the database; what is being written is finished first. */
  @Override
  public void close() {
    writing.lock();
    try {
      database.close();
    } finally {
      writing.unlock();
    }
  }
}
