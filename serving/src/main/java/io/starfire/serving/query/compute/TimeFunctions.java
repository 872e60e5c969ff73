package io.starfire.serving.query.compute;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.serving.query.model.PeriodGranularity;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of times, which are LONG milliseconds since the epoch. Stateless. */
final class TimeFunctions {
  private TimeFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "timestamp_floor",
            "time, period[, origin, zone]",
            "The start of the period that holds the time, such as 'PT1H' or 'P1M'.",
            call -> rounded(call, false)),
        define(
            "timestamp_ceil",
            "time, period[, origin, zone]",
            "The time, if a period starts there, or the end of its period.",
            call -> rounded(call, true)),
        define(
            "timestamp_shift",
            "time, period, times[, zone]",
            "So many periods later, or earlier if negative.",
            TimeFunctions::shift),
        define(
            "timestamp_extract",
            "time, unit[, zone]",
            "A part as a number: 'EPOCH' (seconds), 'MICROSECOND', 'MILLISECOND', 'SECOND',"
                + " 'MINUTE', 'HOUR', 'DAY', 'DOW' and 'ISODOW' (Monday is 1), 'DOY', 'WEEK',"
                + " 'MONTH', 'QUARTER', 'YEAR', 'ISOYEAR', 'DECADE', 'CENTURY', 'MILLENNIUM'.",
            TimeFunctions::extract),
        define(
            "timestamp_parse",
            "text[, pattern, zone]",
            "The time in a text of ISO-8601 or SQL, or of a pattern such as 'yyyy-MM-dd HH:mm' in"
                + " the letters of Joda-Time. Null if it does not fit.",
            TimeFunctions::parse),
        define(
            "timestamp_format",
            "time[, pattern, zone]",
            "The time as text, in ISO-8601 unless a pattern is given.",
            TimeFunctions::format),
        define(
            "timestamp",
            "text[, pattern]",
            "As `timestamp_parse` in UTC.",
            call -> parsed(call, ZoneOffset.UTC, 1)),
        define(
            "unix_timestamp",
            "text[, pattern]",
            "The same in seconds.",
            call -> parsed(call, ZoneOffset.UTC, 1000)));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.TIME, name, parameters, meaning, binding);
  }

  /** UTC unless the argument names another. */
  private static ZoneId zone(Call call, int argument) {
    String name = call.optionalText(argument);
    if (name == null) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(name).normalized();
    } catch (DateTimeException e) {
      throw call.fault(
          argument,
          "'%s' is not a time zone; use a name such as America/Los_Angeles, or an offset such as +02:00"
              .formatted(name));
    }
  }

  private static Node rounded(Call call, boolean up) {
    Node time = call.longAt(0);
    PeriodGranularity periods = periods(call);
    LongUnaryOperator round =
        millis -> {
          long start = periods.bucketStart(millis);
          return !up || start == millis ? start : periods.bucketEnd(start);
        };
    return call.longs(i -> round.applyAsLong(time.longs[i]), time);
  }

  private static PeriodGranularity periods(Call call) {
    String period = call.requiredText(1);
    Object origin = call.literal(2);
    ZoneId zone = zone(call, 3);
    Long originMillis =
        origin instanceof String text
            ? Timestamps.parse(text, zone)
            : (Long) Casts.value(ValueType.LONG, origin);
    if (origin != null && originMillis == null) {
      throw call.fault(2, "the origin '%s' is not a time".formatted(origin));
    }
    try {
      return new PeriodGranularity(period, zone, originMillis);
    } catch (StarfireException e) {
      throw call.fault(
          1,
          "'%s' is not an ISO-8601 period above zero; write it like P1D, P1M or PT15M"
              .formatted(period));
    }
  }

  private static Node shift(Call call) {
    Node time = call.longAt(0);
    Node times = call.longAt(2);
    ZoneId zone = zone(call, 3);
    String period = call.requiredText(1);
    try {
      Timestamps.Step step = Timestamps.Step.parse(period);
      return call.objects(
          ValueType.LONG, i -> step.shift(time.longs[i], times.longs[i], zone), time, times);
    } catch (DateTimeParseException e) {
      throw call.fault(
          1, "'%s' is not an ISO-8601 period; write it like P1D or PT15M".formatted(period));
    }
  }

  private static Node extract(Call call) {
    Node time = call.longAt(0);
    String name = call.requiredText(1).toUpperCase(Locale.ROOT);
    ZoneId zone = zone(call, 2);
    for (Timestamps.Unit unit : Timestamps.Unit.values()) {
      if (unit.name().equals(name)) {
        return call.objects(ValueType.LONG, i -> unit.of(time.longs[i], zone), time);
      }
    }
    throw call.fault(
        1,
        "'%s' is not a unit; use one of %s"
            .formatted(name, Arrays.toString(Timestamps.Unit.values())));
  }

  private static Node parse(Call call) {
    return parsed(call, zone(call, 2), 1);
  }

  private static Node parsed(Call call, ZoneId zone, long divisor) {
    Node text = call.textAt(0);
    TimePattern pattern = pattern(call, zone);
    return call.objects(
        ValueType.LONG,
        i -> {
          Long millis =
              pattern == null ? Timestamps.parse(text.text(i), zone) : pattern.parse(text.text(i));
          return millis == null ? null : (Object) (millis / divisor);
        },
        text);
  }

  private static Node format(Call call) {
    Node time = call.longAt(0);
    ZoneId zone = zone(call, 2);
    TimePattern pattern = pattern(call, zone);
    return call.texts(
        i -> pattern == null ? iso(time.longs[i], zone) : pattern.format(time.longs[i]), time);
  }

  static @Nullable String iso(long millis, ZoneId zone) {
    try {
      return Times.format(millis, zone);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable TimePattern pattern(Call call, ZoneId zone) {
    String pattern = call.optionalText(1);
    if (pattern == null) {
      return null;
    }
    try {
      return new TimePattern(pattern, zone, Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw call.fault(1, "the pattern '%s' of a time has %s".formatted(pattern, e.getMessage()));
    }
  }
}
