package io.starfire.serving.jdbc;

import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.Meta.Frame;
import org.apache.calcite.avatica.Meta.Signature;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a connection: what was prepared, and the rows that its client has not fetched
 * yet. Thread-safe: requests about it wait for each other.
 */
final class JdbcStatement implements AutoCloseable {
  /** The most rows that are sent at once. */
  static final int LARGEST_FRAME = 5_000;

  /** A client that asks for fewer rows gets these: a request costs more than some rows. */
  private static final int SMALLEST_FRAME = 100;

  static final int UNLIMITED = Integer.MAX_VALUE;

  private final String connectionId;
  private final int id;
  private @Nullable Prepared prepared;
  private @Nullable Rows rows;
  private boolean closed;

  JdbcStatement(String connectionId, int id) {
    this.connectionId = connectionId;
    this.id = id;
  }

  private record Prepared(SqlStatement statement, Signature signature) {}

  /** The rows of an execution. */
  private static final class Rows {
    private final SqlAnswer answer;
    private final List<SqlColumn> columns;
    private final long maxRows;
    private long position;
    private boolean more;

    Rows(SqlAnswer answer, long maxRows) {
      this.answer = answer;
      this.columns = answer.columns();
      this.maxRows = maxRows;
      this.more = advance();
    }

    private boolean advance() {
      return (maxRows < 0 || position < maxRows) && answer.next();
    }

    Frame frame(int size) {
      long offset = position;
      List<Object> frame = new ArrayList<>();
      while (more && frame.size() < size) {
        frame.add(JdbcTypes.row(columns, answer.row(), answer.zone()));
        position++;
        more = advance();
      }
      if (!more) {
        answer.close();
      }
      return new Frame(offset, !more, frame);
    }
  }

  int id() {
    return id;
  }

  Meta.StatementHandle handle() {
    return new Meta.StatementHandle(connectionId, id, prepared == null ? null : prepared.signature);
  }

  /** Takes a statement that was read and checked. */
  synchronized void prepare(String sql, SqlStatement statement) {
    requireOpen();
    closeRows();
    prepared =
        new Prepared(
            statement,
            Signature.create(
                JdbcTypes.columns(statement.columns()),
                sql,
                JdbcTypes.parameters(statement.parameters()),
                Meta.CursorFactory.ARRAY,
                Meta.StatementType.SELECT));
  }

  /** The parameters of what was prepared. */
  synchronized List<SqlColumn> parameters() {
    return requirePrepared().statement.parameters();
  }

  /**
   * Runs what was prepared.
   *
   * @param maxRows of the whole answer; below 0 for all
   * @param frameRows that its client would like first
   */
  synchronized Meta.MetaResultSet execute(
      List<SqlParameter> parameters, long maxRows, int frameRows) {
    requireOpen();
    Prepared present = requirePrepared();
    closeRows();
    SqlAnswer answer = present.statement.run(parameters);
    boolean whole = false;
    try {
      Rows read = new Rows(answer, maxRows);
      Frame first = read.frame(frameRows == UNLIMITED ? UNLIMITED : size(frameRows));
      rows = read;
      whole = true;
      return Meta.MetaResultSet.create(connectionId, id, false, present.signature, first);
    } finally {
      if (!whole) {
        answer.close();
      }
    }
  }

  /** The rows from an offset, which must be the next ones. */
  synchronized Frame fetch(long offset, int frameRows) {
    requireOpen();
    Rows present = rows;
    if (present == null) {
      throw new JdbcException(
          "statement %d of connection %s was not executed, so it has no rows to fetch; execute it first"
              .formatted(id, connectionId));
    }
    if (offset != present.position) {
      throw new JdbcException(
          "a fetch of statement %d of connection %s asks for rows from offset %d on, but the next row is %d; rows can be fetched once, and in order"
              .formatted(id, connectionId, offset, present.position));
    }
    return present.frame(size(frameRows));
  }

  private static int size(int asked) {
    return asked < 0 ? LARGEST_FRAME : Math.max(SMALLEST_FRAME, Math.min(asked, LARGEST_FRAME));
  }

  private Prepared requirePrepared() {
    Prepared present = prepared;
    if (present == null) {
      throw new JdbcException(
          "statement %d of connection %s was not prepared; prepare it first"
              .formatted(id, connectionId));
    }
    return present;
  }

  private void requireOpen() {
    if (closed) {
      throw new JdbcException(
          "statement %d of connection %s was closed meanwhile".formatted(id, connectionId));
    }
  }

  private void closeRows() {
    if (rows != null) {
      rows.answer.close();
      rows = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeRows();
  }
}
