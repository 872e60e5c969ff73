package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.util.Locale;

/**
 * From where a reset stream reads its raw topics. Immutable.
 *
 * @param kind what is meant
 * @param timeMillis the time on the records' stamps, for {@link Kind#TIME}; else 0
 */
public record StartFrom(Kind kind, long timeMillis) {
  /** Ways to say it. */
  public enum Kind {
    /** The start of each log. */
    EARLIEST,
    /** The end of each log: only what comes from now on. */
    LATEST,
    /** The first record that was stamped at or after a time. */
    TIME,
    /** Where the stream was: nothing is read again. */
    COMMITTED
  }

  public static final StartFrom EARLIEST = new StartFrom(Kind.EARLIEST, 0);
  public static final StartFrom LATEST = new StartFrom(Kind.LATEST, 0);
  public static final StartFrom COMMITTED = new StartFrom(Kind.COMMITTED, 0);

  /**
   * Reads {@code earliest}, {@code latest}, {@code committed} or a time in ISO-8601.
   *
   * @throws StarfireException with INVALID_INPUT
   */
  public static StartFrom parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "earliest" -> EARLIEST;
      case "latest" -> LATEST;
      case "committed" -> COMMITTED;
      default -> new StartFrom(Kind.TIME, time(text));
    };
  }

  private static long time(String text) {
    try {
      return Times.parse(text);
    } catch (RuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "--from must be earliest, latest, committed or a time such as 2026-11-20T10:00:00Z, got '%s'"
              .formatted(text),
          e);
    }
  }

  @Override
  public String toString() {
    return kind == Kind.TIME ? Times.format(timeMillis) : kind.name().toLowerCase(Locale.ROOT);
  }
}
