package io.starfire.serving.jdbc;

import io.starfire.common.StarfireException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;

/**
 * An error as the protocol carries it: the sentence, and nothing of how the server is made. The
 * code and the state are those of Druid, which knows none for any error.
 */
final class JdbcException extends AvaticaRuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int NO_CODE = -1;
  private static final String NO_STATE = "00000";

  JdbcException(String sentence) {
    super(sentence, NO_CODE, NO_STATE, AvaticaSeverity.ERROR);
    setStackTrace(new StackTraceElement[0]);
  }

  static JdbcException of(StarfireException e) {
    return new JdbcException(e.getMessage());
  }

  @Override
  public String getMessage() {
    return getErrorMessage();
  }
}
