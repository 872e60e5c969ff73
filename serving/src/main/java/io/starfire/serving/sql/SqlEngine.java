package io.starfire.serving.sql;

/** Answers SQL. Thread-safe. */
public interface SqlEngine {
  /** The tables and functions of now. */
  SqlCatalog catalog();

  /**
   * Reads and checks a statement.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT, as a {@link SqlException} if a
   *     place can be named; with UNSUPPORTED
   */
  SqlStatement prepare(SqlRequest request);

  /** Cancels the statements with an id; false if there are none. */
  boolean cancel(String sqlQueryId);
}
