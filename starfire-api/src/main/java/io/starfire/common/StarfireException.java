package io.starfire.common;

import static java.util.Objects.requireNonNull;

/**
 * An error whose message is one clear sentence for the user: what was wrong, where, what was
 * expected and what to do. All modules throw it. Front ends turn its code into an HTTP status or an
 * exit code, and show the message without a stack trace.
 */
public class StarfireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public StarfireException(ErrorCode code, String message) {
    super(requireNonNull(message, "message"));
    this.code = requireNonNull(code, "code");
  }

  public StarfireException(ErrorCode code, String message, Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.code = requireNonNull(code, "code");
  }

  public ErrorCode code() {
    return code;
  }
}
