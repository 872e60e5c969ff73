package io.starfire.common;

/**
 * What went wrong, as a value that can be counted and mapped to an HTTP status or an exit code.
 *
 * <p>The category names are those of Druid's error responses, so that existing clients show them.
 */
public enum ErrorCode {
  /** A request or a configuration value is malformed or out of range. */
  INVALID_INPUT("INVALID_INPUT", 400, 2),
  /**
   * The pipeline class is missing, cannot be instantiated, or defines a pipeline that cannot run.
   */
  INVALID_PIPELINE("INVALID_INPUT", 400, 2),
  /** The plan that a task built differs from the one that was submitted. */
  PLAN_MISMATCH("INVALID_INPUT", 409, 3),
  /** The server does not answer this caller, such as a web page of another site. */
  FORBIDDEN("FORBIDDEN", 403, 3),
  /** The named thing does not exist. */
  NOT_FOUND("NOT_FOUND", 404, 3),
  /**
   * The request conflicts with the current state: for example, a directory has an owner already.
   */
  CONFLICT("CONFLICT", 409, 3),
  /** The server does not know who asks. */
  UNAUTHENTICATED("UNAUTHORIZED", 401, 3),
  /** A limit on memory, rows or concurrency was reached. */
  CAPACITY_EXCEEDED("CAPACITY_EXCEEDED", 429, 3),
  /** The body of a request is larger than the server reads. */
  REQUEST_TOO_LARGE("CAPACITY_EXCEEDED", 413, 3),
  /** A publication is not whole in itself: no coordinator will ever take it as it is. */
  NOT_PUBLISHABLE("INVALID_INPUT", 400, 3),
  /** A feature that is known but not supported by this version. */
  UNSUPPORTED("UNSUPPORTED", 501, 2),
  /** A feature that Druid has switched off too, with the status that its clients know for that. */
  SWITCHED_OFF("RUNTIME_FAILURE", 500, 2),
  /** A broker, coordinator, file system or database does not answer. */
  UNAVAILABLE("SERVICE_UNAVAILABLE", 503, 3),
  /**
   * It is not known whether the request was done. It can be sent again: done twice, it has the
   * effect of once.
   */
  UNKNOWN_OUTCOME("SERVICE_UNAVAILABLE", 503, 3),
  /** The work took longer than its limit. */
  TIMEOUT("TIMEOUT", 504, 3),
  /** The caller cancelled the work. */
  CANCELED("CANCELED", 499, 3),
  /** Stored bytes differ from what was written. */
  CORRUPT("RUNTIME_FAILURE", 500, 3),
  /** The archive or another input lacks data that the run needs. */
  INCOMPLETE_INPUT("RUNTIME_FAILURE", 409, 3),
  /** The work ran, but its result is wrong. */
  WRONG_RESULT("RUNTIME_FAILURE", 500, 1),
  /** A defect in Starfire. */
  INTERNAL("DEFENSIVE", 500, 3);

  private final String category;
  private final int httpStatus;
  private final int exitCode;

  ErrorCode(String category, int httpStatus, int exitCode) {
    this.category = category;
    this.httpStatus = httpStatus;
    this.exitCode = exitCode;
  }

  public String category() {
    return category;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /**
   * The exit code of a process that ends with this error: 1 wrong result, 2 usage, 3 could not run.
   */
  public int exitCode() {
    return exitCode;
  }
}
