package io.starfire.serving.sql.engine;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.rows.Execution;
import io.starfire.serving.sql.rows.RowStream;
import io.starfire.serving.sql.rows.Step;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a plan that runs. */
final class EngineAnswer implements SqlAnswer {
  private final List<SqlColumn> columns;
  private final ZoneId zone;
  private final Execution execution;
  private final RowStream rows;
  private final boolean[] truths;
  private @Nullable Object @Nullable [] row;
  private boolean closed;

  EngineAnswer(List<SqlColumn> columns, ZoneId zone, Execution execution, Step step) {
    this.columns = columns;
    this.zone = zone;
    this.execution = execution;
    this.truths = new boolean[columns.size()];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = columns.get(i).sqlType().equals("BOOLEAN");
    }
    boolean whole = false;
    try {
      this.rows = step.open(execution);
      whole = true;
    } finally {
      if (!whole) {
        execution.close();
      }
    }
  }

  @Override
  public List<SqlColumn> columns() {
    return columns;
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  @Override
  public boolean next() {
    if (closed) {
      throw new StarfireException(ErrorCode.CANCELED, "the answer was closed");
    }
    row = rows.next();
    if (row == null) {
      return false;
    }
    for (int i = 0; i < truths.length; i++) {
      if (truths[i] && row[i] instanceof Number number) {
        row[i] = number.doubleValue() != 0;
      }
    }
    return true;
  }

  @Override
  public Object[] row() {
    if (row == null) {
      throw new IllegalStateException("there is no row at hand");
    }
    return row;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        rows.close();
      } finally {
        execution.close();
      }
    }
  }
}
