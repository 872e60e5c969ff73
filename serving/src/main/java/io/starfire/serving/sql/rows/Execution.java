package io.starfire.serving.sql.rows;

import io.starfire.serving.broker.QuerySession;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.sql.SqlSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that runs. Used by one thread at a time. */
public final class Execution implements AutoCloseable {
  private static final int ROWS_BETWEEN_CHECKS = 1024;

  private final QuerySession queries;
  private final SqlSession session;
  private int untilCheck = ROWS_BETWEEN_CHECKS;

  public Execution(QuerySession queries, SqlSession session) {
    this.queries = queries;
    this.session = session;
  }

  QuerySession queries() {
    return queries;
  }

  SqlSession session() {
    return session;
  }

  public QueryControl control() {
    return queries.control();
  }

  /** Called for each row, or what costs as much: looks now and then whether time is over. */
  void step() {
    if (--untilCheck <= 0) {
      untilCheck = ROWS_BETWEEN_CHECKS;
      control().check();
    }
  }

  /** Reads all rows into memory, on the account of the statement. */
  List<@Nullable Object[]> all(Step step) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    try (RowStream stream = step.open(this)) {
      for (@Nullable Object[] row = stream.next(); row != null; row = stream.next()) {
        hold(row);
        rows.add(row);
      }
    }
    return rows;
  }

  /** Takes memory for a row that is held. */
  void hold(@Nullable Object[] row) {
    step();
    control().reserveAbove(Values.bytes(row));
  }

  @Override
  public void close() {
    queries.close();
  }
}
