package io.starfire.serving.sql.function;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times that stand in a statement as text. Stateless. */
public final class TimeTexts {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4})(?:-(\\d{1,2})(?:-(\\d{1,2}))?)?"
              + "(?:[T ](\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d{1,9}))?)?)?)?"
              + "\\s*([zZ]|[+-]\\d{2}(?::?\\d{2})?)?");

  private TimeTexts() {}

  /**
   * The milliseconds of a time such as {@code 2015-09-12 00:00:00.000000}, {@code 2015-09-12} or
   * {@code 2015-09-12T00:00:00Z}.
   *
   * @param zone of a time that names none
   * @throws StarfireException with INVALID_INPUT if it is none
   */
  public static long parse(String text, ZoneId zone) {
    Matcher matcher = text.length() > 64 ? null : TIME.matcher(text.strip());
    if (matcher == null || !matcher.matches()) {
      throw none(text, null);
    }
    try {
      LocalDate date =
          LocalDate.of(number(matcher, 1, 0), number(matcher, 2, 1), number(matcher, 3, 1));
      String decimals = matcher.group(7) == null ? "" : matcher.group(7);
      int nanos = Integer.parseInt((decimals + "000000000").substring(0, 9));
      LocalTime time =
          LocalTime.of(number(matcher, 4, 0), number(matcher, 5, 0), number(matcher, 6, 0), nanos);
      String offset = matcher.group(8);
      ZoneId own = offset == null ? zone : ZoneId.of(offset.equals("z") ? "Z" : offset);
      return LocalDateTime.of(date, time).atZone(own).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw none(text, e);
    }
  }

  private static int number(Matcher matcher, int group, int absent) {
    return matcher.group(group) == null ? absent : Integer.parseInt(matcher.group(group));
  }

  private static StarfireException none(String text, Exception cause) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "'%s' is not a timestamp; write it like 2026-11-20 10:00:00".formatted(shown),
        cause);
  }
}
