package io.starfire.event.internal;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads ISO-8601 times. The form that nearly all producers write, {@code 2026-11-20T10:00:00.123Z}
 * with any number of decimals and a T or a space, is read without java.time's formatter, which
 * would take most of the time of decoding an event.
 */
final class IsoTimes {
  private static final int SECONDS_END = 19;

  private IsoTimes() {}

  static Instant parse(String text) {
    long millis = parseUsual(text);
    if (millis != Long.MIN_VALUE) {
      return Instant.ofEpochMilli(millis);
    }
    boolean spaced = text.length() > 10 && text.charAt(10) == ' ';
    try {
      return Instant.ofEpochMilli(
          Times.parse(spaced ? text.substring(0, 10) + 'T' + text.substring(11) : text));
    } catch (StarfireException e) {
      throw new DecodingFailure(
          "%s is not an ISO-8601 time".formatted(ValueReader.describe(text)), e);
    }
  }

  /** The milliseconds, or Long.MIN_VALUE if the text is not of the usual form. */
  private static long parseUsual(String text) {
    int length = text.length();
    boolean shaped =
        length >= SECONDS_END
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && (text.charAt(10) == 'T' || text.charAt(10) == ' ')
            && text.charAt(13) == ':'
            && text.charAt(16) == ':';
    if (!shaped) {
      return Long.MIN_VALUE;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    // Days that not every month has are left to java.time.
    boolean ranged =
        year >= 0
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= 28
            && hour >= 0
            && hour <= 23
            && minute >= 0
            && minute <= 59
            && second >= 0
            && second <= 59;
    int fraction = ranged ? fractionMillis(text) : -1;
    if (fraction < 0) {
      return Long.MIN_VALUE;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + fraction;
  }

  /** The decimals, cut to three, if nothing but a Z follows them, or -1. */
  private static int fractionMillis(String text) {
    int length = text.length();
    int end = text.charAt(length - 1) == 'Z' ? length - 1 : length;
    if (end == SECONDS_END) {
      return 0;
    }
    if (text.charAt(SECONDS_END) != '.' || end == SECONDS_END + 1 || end > SECONDS_END + 10) {
      return -1;
    }
    int millis = 0;
    for (int i = 0; i < 9; i++) {
      int at = SECONDS_END + 1 + i;
      int digit = at < end ? text.charAt(at) - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      millis = i < 3 ? millis * 10 + digit : millis;
    }
    return millis;
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
