package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Outcome;

/**
 * A record that is no row, with the reason as a sentence: UNDECODABLE if it cannot be read,
 * BAD_TIME if it has no time that can be. Has no stack trace, since a topic may be full of such
 * records.
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
