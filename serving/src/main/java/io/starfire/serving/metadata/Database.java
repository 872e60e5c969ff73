package io.starfire.serving.metadata;

import io.starfire.common.StarfireException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What differs between the databases that can hold the metadata. Thread-safe. */
sealed interface Database extends ConnectionFactory, AutoCloseable
    permits H2Database, PostgresDatabase {
  /** Connections for bringing the tables up to date. */
  DataSource forMigrations();

  /** Has what was committed on disk before it returns. */
  void sync(Jdbi jdbi);

  /** The sentence for a failure to open the database, or to bring its tables up to date. */
  StarfireException cannotOpen(Exception failure);

  /** The sentence for a failure of a database that was open. */
  StarfireException doesNotAnswer(Exception failure);

  @Override
  void close();

  /** The first error of the database among the causes; null if there is none. */
  static @Nullable SQLException sqlCause(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return (SQLException) cause;
  }
}
