package io.starfire.segment.ingest;

import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.TimeFormat;
import java.time.DateTimeException;

/**
 * Reads event times as a {@link TimestampSpec} says. What cannot be read is rejected as BAD_TIME.
 * Immutable.
 */
final class TimeReader {
  private final TimestampSpec spec;
  private final TimeFormat format;

  TimeReader(TimestampSpec spec) {
    this.spec = spec;
    this.format =
        switch (spec.format()) {
          case AUTO, PATTERN -> TimeFormat.AUTO;
          case ISO -> TimeFormat.ISO;
          case POSIX -> TimeFormat.SECONDS;
          case MILLIS -> TimeFormat.MILLIS;
          case MICRO -> TimeFormat.MICROS;
          case NANO -> TimeFormat.NANOS;
        };
  }

  /** The time of a record whose field is missing, null or blank. */
  long missing() {
    return spec.missingMillis()
        .orElseThrow(
            () ->
                RejectedRecordException.badTime(
                    "the record has no time: its field '%s' is missing or null"
                        .formatted(spec.column())));
  }

  /** The time of a field that is not blank, in milliseconds. */
  long read(FieldValue value) {
    try {
      return spec.format() == TimestampSpec.Format.PATTERN ? pattern(value) : format.millis(value);
    } catch (DecodingFailure | DateTimeException | ArithmeticException e) {
      throw RejectedRecordException.badTime(
          "the time in field '%s' must be %s, got %s"
              .formatted(spec.column(), expected(), value.describe()));
    }
  }

  private long pattern(FieldValue value) {
    return switch (value.kind()) {
      case TEXT, INTEGER, DECIMAL -> spec.pattern().orElseThrow().parse(value.text().strip());
      default -> throw new DecodingFailure("no text");
    };
  }

  private String expected() {
    return switch (spec.format()) {
      case AUTO -> "ISO-8601 text or milliseconds";
      case ISO -> "ISO-8601 text";
      case POSIX -> "seconds since 1970";
      case MILLIS -> "milliseconds since 1970";
      case MICRO -> "microseconds since 1970";
      case NANO -> "nanoseconds since 1970";
      case PATTERN -> "of the pattern '" + spec.pattern().orElseThrow() + "'";
    };
  }
}
