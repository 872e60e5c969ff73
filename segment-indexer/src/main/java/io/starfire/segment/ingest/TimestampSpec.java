package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a record's event time is, and how it is written. Immutable.
 *
 * @param column the field
 * @param format how it is written
 * @param pattern present if the format is PATTERN
 * @param missingMillis the time of records without one, in milliseconds since the epoch; empty if
 *     such records are rejected
 */
public record TimestampSpec(
    String column, Format format, Optional<TimePattern> pattern, OptionalLong missingMillis) {

  /** How times are written; text without a zone is UTC. */
  public enum Format {
    /** ISO-8601 text, or milliseconds since the epoch. */
    AUTO,
    ISO,
    /** Seconds since the epoch. */
    POSIX,
    MILLIS,
    MICRO,
    NANO,
    /** Text that follows the pattern. */
    PATTERN
  }

  public TimestampSpec {
    requireNonNull(column, "column");
    requireNonNull(format, "format");
    requireNonNull(pattern, "pattern");
    requireNonNull(missingMillis, "missingMillis");
  }
}
