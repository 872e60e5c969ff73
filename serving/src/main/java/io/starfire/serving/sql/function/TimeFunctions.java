package io.starfire.serving.sql.function;

import io.starfire.common.Interval;
import io.starfire.serving.sql.function.FunctionDefinition.Group;
import io.starfire.serving.sql.function.FunctionDefinition.Translation;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** The functions of times. Stateless. */
final class TimeFunctions {
  private static final Set<String> UNITS =
      Set.of(
          "EPOCH",
          "MICROSECOND",
          "MILLISECOND",
          "SECOND",
          "MINUTE",
          "HOUR",
          "DAY",
          "DOW",
          "ISODOW",
          "DOY",
          "WEEK",
          "MONTH",
          "QUARTER",
          "YEAR",
          "ISOYEAR",
          "DECADE",
          "CENTURY",
          "MILLENNIUM");

  private TimeFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "TIME_FLOOR",
            "time, period[, origin[, zone]]",
            "The start of the period that holds the time, such as 'PT1H' or 'P1M'.",
            Returns.TIMESTAMP,
            call -> rounded(call, "timestamp_floor")),
        define(
            "TIME_CEIL",
            "time, period[, origin[, zone]]",
            "The time, if a period starts there, or the end of its period.",
            Returns.TIMESTAMP,
            call -> rounded(call, "timestamp_ceil")),
        define(
            "TIME_SHIFT",
            "time, period, times[, zone]",
            "So many periods later, or earlier if negative.",
            Returns.TIMESTAMP,
            call ->
                "timestamp_shift(%s, %s, %s, %s)"
                    .formatted(call.time(0), call.period(1), call.arg(2), call.zone(3))),
        define(
            "TIME_EXTRACT",
            "time, unit[, zone]",
            "A part of the time as a number, such as 'HOUR' or 'DOW'.",
            Returns.BIGINT,
            call ->
                "timestamp_extract(%s, %s, %s)".formatted(call.time(0), unit(call), call.zone(2))),
        define(
            "TIME_PARSE",
            "text[, pattern[, zone]]",
            "The time in a text of ISO-8601, or of a pattern such as 'yyyy-MM-dd HH'; null if it"
                + " does not fit.",
            Returns.TIMESTAMP,
            call ->
                "timestamp_parse(%s, %s, %s)"
                    .formatted(call.text(0), call.argOrNull(1), call.zone(2))),
        define(
            "TIME_FORMAT",
            "time[, pattern[, zone]]",
            "The time as text, in ISO-8601 unless a pattern is given.",
            Returns.VARCHAR,
            call ->
                "timestamp_format(%s, %s, %s)"
                    .formatted(call.time(0), call.argOrNull(1), call.zone(2))),
        define(
            "TIME_IN_INTERVAL",
            "time, interval",
            "Whether the time lies in an interval such as '2026-11-20/P1D'.",
            Returns.BOOLEAN,
            TimeFunctions::inInterval),
        define(
            "DATE_TRUNC",
            "unit, time",
            "The start of the unit that holds the time, such as 'hour'.",
            Returns.TIMESTAMP,
            TimeFunctions::truncated),
        define(
            "MILLIS_TO_TIMESTAMP",
            "millis",
            "The time so many milliseconds after 1970.",
            Returns.TIMESTAMP,
            call -> call.arg(0)),
        define(
            "TIMESTAMP_TO_MILLIS",
            "time",
            "The milliseconds since 1970.",
            Returns.BIGINT,
            call -> call.time(0)));
  }

  private static FunctionDefinition define(
      String name,
      String parameters,
      String meaning,
      SqlReturnTypeInference returns,
      Translation translation) {
    return FunctionDefinition.of(name, Group.TIME, parameters, meaning, returns, translation);
  }

  private static String rounded(CallWriter call, String function) {
    String origin = call.count() > 2 && call.literal(2) != null ? call.time(2) : "null";
    return "%s(%s, %s, %s, %s)"
        .formatted(function, call.time(0), call.period(1), origin, call.zone(3));
  }

  private static String unit(CallWriter call) {
    String unit = String.valueOf(call.literal(1)).toUpperCase(Locale.ROOT);
    if (!UNITS.contains(unit)) {
      throw call.writer()
          .invalid("'%s' is not a unit of time; use one of %s", call.literal(1), UNITS);
    }
    return ExpressionWriter.quote(unit);
  }

  private static String truncated(CallWriter call) {
    String unit = String.valueOf(call.literal(0));
    String period = TimePeriods.of(unit);
    if (period == null) {
      throw call.writer()
          .invalid(
              "'%s' is not a unit of DATE_TRUNC; use second, minute, hour, day, week, month,"
                  + " quarter, year, decade, century or millennium",
              unit);
    }
    return "timestamp_floor(%s, '%s', null, %s)"
        .formatted(call.time(1), period, call.writer().zoneText());
  }

  private static String inInterval(CallWriter call) {
    String text = String.valueOf(call.literal(1));
    String[] ends = text.split("/", -1);
    long start;
    long end;
    if (ends.length == 2 && !text.contains("P")) {
      start = TimeTexts.parse(ends[0], call.writer().zone());
      end = TimeTexts.parse(ends[1], call.writer().zone());
    } else {
      Interval interval = Interval.parse(text);
      start = interval.startMillis();
      end = interval.endMillis();
    }
    String time = call.time(0);
    return "(%s >= %d && %s < %d)".formatted(time, start, time, end);
  }
}
