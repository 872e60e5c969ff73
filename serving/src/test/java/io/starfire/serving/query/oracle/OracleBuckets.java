package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What granularities mean. */
final class OracleBuckets {
  private static final long SECOND = 1_000;

  private OracleBuckets() {}

  static boolean isAll(JsonNode granularity) {
    return name(granularity).equals("all");
  }

  static boolean isNone(JsonNode granularity) {
    return name(granularity).equals("none");
  }

  private static String name(JsonNode granularity) {
    return granularity.isObject() ? granularity.get("type").asText() : granularity.asText();
  }

  /**
   * The bucket's start.
   *
   * @param allStart that of the one bucket of granularity all
   */
  static long start(JsonNode granularity, long millis, long allStart) {
    if (granularity.isTextual()) {
      return ofName(granularity.asText(), millis, allStart);
    }
    JsonNode originNode = granularity.path("origin");
    Long origin = originNode.isMissingNode() ? null : (Long) Times.parse(originNode.asText());
    return switch (granularity.get("type").asText()) {
      case "all" -> allStart;
      case "none" -> millis;
      case "duration" ->
          fixed(millis, granularity.get("duration").asLong(), origin == null ? 0 : origin);
      default ->
          ofPeriod(
              granularity.get("period").asText(),
              ZoneId.of(granularity.path("timeZone").asText("UTC")),
              origin,
              millis);
    };
  }

  /** A bucket's start as it is written, with the offset that the granularity's zone has then. */
  static String text(JsonNode granularity, long millis) {
    ZoneId zone = ZoneId.of(granularity.path("timeZone").asText("UTC"));
    ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochMilli(millis));
    String local = Times.format(millis + offset.getTotalSeconds() * SECOND);
    return local.substring(0, local.length() - 1) + offset.getId();
  }

  private static long fixed(long millis, long length, long origin) {
    return Math.floorDiv(millis - origin, length) * length + origin;
  }

  private static long ofName(String name, long millis, long allStart) {
    return switch (name) {
      case "all" -> allStart;
      case "none" -> millis;
      case "second" -> fixed(millis, SECOND, 0);
      case "minute" -> fixed(millis, 60 * SECOND, 0);
      case "five_minute" -> fixed(millis, 300 * SECOND, 0);
      case "ten_minute" -> fixed(millis, 600 * SECOND, 0);
      case "fifteen_minute" -> fixed(millis, 900 * SECOND, 0);
      case "thirty_minute" -> fixed(millis, 1800 * SECOND, 0);
      case "hour" -> fixed(millis, 3600 * SECOND, 0);
      case "six_hour" -> fixed(millis, 6 * 3600 * SECOND, 0);
      case "eight_hour" -> fixed(millis, 8 * 3600 * SECOND, 0);
      case "day" -> ofPeriod("P1D", ZoneOffset.UTC, null, millis);
      case "week" -> ofPeriod("P1W", ZoneOffset.UTC, null, millis);
      case "month" -> ofPeriod("P1M", ZoneOffset.UTC, null, millis);
      case "quarter" -> ofPeriod("P3M", ZoneOffset.UTC, null, millis);
      case "year" -> ofPeriod("P1Y", ZoneOffset.UTC, null, millis);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static long ofPeriod(String period, ZoneId zone, Long origin, long millis) {
    ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(zone);
    if (origin != null) {
      return fromOrigin(period, Instant.ofEpochMilli(origin).atZone(zone), time);
    }
    LocalDate day = time.toLocalDate();
    ZonedDateTime start =
        switch (period) {
          case "P1D" -> day.atStartOfDay(zone);
          case "P1W" ->
              day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).atStartOfDay(zone);
          case "P1M" -> day.withDayOfMonth(1).atStartOfDay(zone);
          case "P3M" ->
              day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3).atStartOfDay(zone);
          case "P1Y" -> day.withDayOfYear(1).atStartOfDay(zone);
          case "PT1H" -> time.truncatedTo(ChronoUnit.HOURS);
          case "PT15M" -> time.truncatedTo(ChronoUnit.MINUTES).minusMinutes(time.getMinute() % 15);
          default -> {
            ZonedDateTime first = LocalDate.ofEpochDay(0).atStartOfDay(zone);
            yield Instant.ofEpochMilli(fromOrigin(period, first, time)).atZone(zone);
          }
        };
    return start.toInstant().toEpochMilli();
  }

  /** Step by step, for times after the origin from a step that is surely not beyond them. */
  private static long fromOrigin(String period, ZonedDateTime origin, ZonedDateTime time) {
    if (period.startsWith("PT")) {
      return fixed(
          time.toInstant().toEpochMilli(),
          Duration.parse(period).toMillis(),
          origin.toInstant().toEpochMilli());
    }
    Period step = Period.parse(period);
    long stepDays = 31 * step.toTotalMonths() + step.get(ChronoUnit.DAYS);
    int index = (int) Math.max(0, ChronoUnit.DAYS.between(origin, time) / stepDays - 1);
    int direction = origin.isAfter(time) ? -1 : 1;
    while (direction > 0
        ? !origin.plus(step.multipliedBy(index + 1)).isAfter(time)
        : origin.plus(step.multipliedBy(index)).isAfter(time)) {
      index += direction;
    }
    return origin.plus(step.multipliedBy(index)).toInstant().toEpochMilli();
  }

  /**
   * The starts of all buckets that an interval touches: each found by asking where the last ends.
   */
  static NavigableSet<Long> starts(JsonNode granularity, Interval interval) {
    NavigableSet<Long> starts = new TreeSet<>();
    long millis = interval.startMillis();
    while (millis < interval.endMillis()) {
      starts.add(start(granularity, millis, 0));
      millis = end(granularity, millis, interval.endMillis());
    }
    return starts;
  }

  /** The first time after {@code millis} that is in another bucket, or {@code limit}. */
  private static long end(JsonNode granularity, long millis, long limit) {
    long bucket = start(granularity, millis, 0);
    long inside = millis;
    long step = SECOND;
    while (inside + step < limit && start(granularity, inside + step, 0) == bucket) {
      inside += step;
      step *= 2;
    }
    long outside = Math.min(inside + step, limit);
    while (inside + 1 < outside) {
      long middle = (inside + outside) >>> 1;
      if (start(granularity, middle, 0) == bucket) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return outside;
  }
}
