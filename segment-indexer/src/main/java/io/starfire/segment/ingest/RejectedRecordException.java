package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Outcome;

/**
 * Thrown for a record that does not become a row. The message is a sentence with the reason. The
 * outcome is UNDECODABLE if the record cannot be read, BAD_TIME if its time is missing or not
 * allowed. Has no stack trace, since a topic may be full of such records.
 */
public final class RejectedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  RejectedRecordException(Outcome outcome, String message) {
    super(requireNonNull(message, "message"), null, false, false);
    this.outcome = outcome;
  }

  static RejectedRecordException undecodable(String message) {
    return new RejectedRecordException(Outcome.UNDECODABLE, message);
  }

  static RejectedRecordException badTime(String message) {
    return new RejectedRecordException(Outcome.BAD_TIME, message);
  }

  /** UNDECODABLE or BAD_TIME. */
  public Outcome outcome() {
    return outcome;
  }
}
