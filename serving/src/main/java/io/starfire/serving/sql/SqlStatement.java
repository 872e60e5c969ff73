package io.starfire.serving.sql;

import java.util.List;
import java.util.Set;

/**
 * A statement that was read and checked. It can run several times, each time on what is there then.
 * Thread-safe.
 */
public interface SqlStatement {
  /** The columns of its answer. */
  List<SqlColumn> columns();

  /** Its parameters, in order; of one whose type nothing says it is VARCHAR. */
  List<SqlColumn> parameters();

  /** The names of the data sources that it reads. */
  Set<String> dataSources();

  /** The native queries that answer it, as JSON, in the form of {@code EXPLAIN PLAN FOR}. */
  String explain();

  /**
   * Answers it.
   *
   * @param parameters the values of all parameters
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if they do not fit
   */
  SqlAnswer run(List<SqlParameter> parameters);
}
