package io.starfire.serving.query.oracle;

import io.starfire.common.ErrorCode;

/** That a query must end with an error, and with which. */
final class OracleError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  OracleError(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
