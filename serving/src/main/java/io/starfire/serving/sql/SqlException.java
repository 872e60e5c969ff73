package io.starfire.serving.sql;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** An error at a place of a statement. Lines and columns count from 1, ends included. */
public final class SqlException extends StarfireException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final int endLine;
  private final int endColumn;

  public SqlException(
      ErrorCode code,
      String message,
      int line,
      int column,
      int endLine,
      int endColumn,
      Throwable cause) {
    super(code, message, cause);
    this.line = line;
    this.column = column;
    this.endLine = endLine;
    this.endColumn = endColumn;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  public int endLine() {
    return endLine;
  }

  public int endColumn() {
    return endColumn;
  }
}
