package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;

/**
 * Windows by the calendar of a time zone: from one local boundary to the next. So a day has 23, 24
 * or 25 hours where clocks change. A boundary that the clock skips falls on the first instant after
 * the gap; one that occurs twice falls on the earlier. Immutable.
 */
public final class Calendar implements Tumbling {
  /** Recurring changes of the clock are looked at until then; they do not differ later. */
  private static final Instant LAST_LOOK = Instant.parse("2100-01-01T00:00:00Z");

  private enum Unit {
    HOURS(Duration.ofHours(1)),
    DAYS(Duration.ofDays(1)),
    WEEKS(Duration.ofDays(7)),
    MONTHS(Duration.ofDays(31));

    private final Duration longest;

    Unit(Duration longest) {
      this.longest = longest;
    }

    private LocalDateTime floor(LocalDateTime time) {
      return switch (this) {
        case HOURS -> time.truncatedTo(ChronoUnit.HOURS);
        case DAYS -> time.truncatedTo(ChronoUnit.DAYS);
        case WEEKS ->
            time.truncatedTo(ChronoUnit.DAYS)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTHS -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
      };
    }

    private LocalDateTime move(LocalDateTime boundary, int units) {
      return switch (this) {
        case HOURS -> boundary.plusHours(units);
        case DAYS -> boundary.plusDays(units);
        case WEEKS -> boundary.plusWeeks(units);
        case MONTHS -> boundary.plusMonths(units);
      };
    }
  }

  private final Unit unit;
  private final ZoneId zone;
  private final ZoneRules rules;
  private final Duration longest;

  private Calendar(Unit unit, String zoneId) {
    this.unit = unit;
    this.zone = zone(zoneId);
    this.rules = zone.getRules();
    this.longest = findLongest();
  }

  /** Windows from one full local hour to the next. */
  public static Calendar hours(String zoneId) {
    return new Calendar(Unit.HOURS, zoneId);
  }

  /** Windows from one local midnight to the next. */
  public static Calendar days(String zoneId) {
    return new Calendar(Unit.DAYS, zoneId);
  }

  /** Windows from the local midnight at which a Monday begins to the next. */
  public static Calendar weeks(String zoneId) {
    return new Calendar(Unit.WEEKS, zoneId);
  }

  /** Windows from the local midnight at which a month begins to the next. */
  public static Calendar months(String zoneId) {
    return new Calendar(Unit.MONTHS, zoneId);
  }

  private static ZoneId zone(String zoneId) {
    try {
      return ZoneId.of(requireNonNull(zoneId, "zoneId"));
    } catch (DateTimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "there is no time zone '%s'; write it as in the IANA database, such as Europe/Paris, or UTC"
              .formatted(zoneId),
          e);
    }
  }

  @Override
  public Interval windowOf(long timeMillis) {
    Instant time = Instant.ofEpochMilli(timeMillis);
    LocalDateTime start = unit.floor(LocalDateTime.ofInstant(time, rules.getOffset(time)));
    // Where the clock was put back, the local time can be before a boundary that has passed.
    while (boundaryMillis(start) > timeMillis) {
      start = unit.move(start, -1);
    }
    LocalDateTime end = unit.move(start, 1);
    long endMillis = boundaryMillis(end);
    while (endMillis <= timeMillis) {
      start = end;
      end = unit.move(end, 1);
      endMillis = boundaryMillis(end);
    }
    return Tumbling.inEventTime(boundaryMillis(start), endMillis);
  }

  @Override
  public Duration longest() {
    return longest;
  }

  private long boundaryMillis(LocalDateTime boundary) {
    ZoneOffsetTransition change = rules.getTransition(boundary);
    if (change != null && change.isGap()) {
      return change.getInstant().toEpochMilli();
    }
    // Of the two offsets in an overlap, the first one is that of the earlier instant.
    return boundary.toInstant(rules.getValidOffsets(boundary).get(0)).toEpochMilli();
  }

  /** A window is longer than its unit only where the clock is put back. */
  private Duration findLongest() {
    Duration found = unit.longest;
    ZoneOffsetTransition change = rules.nextTransition(Instant.EPOCH);
    while (change != null && change.getInstant().isBefore(LAST_LOOK)) {
      if (change.isOverlap()) {
        long atMillis = change.getInstant().toEpochMilli();
        found = longer(found, windowOf(atMillis - 1));
        found = longer(found, windowOf(atMillis));
      }
      change = rules.nextTransition(change.getInstant());
    }
    return found;
  }

  private static Duration longer(Duration found, Interval window) {
    Duration length = Duration.ofMillis(window.lengthMillis());
    return length.compareTo(found) > 0 ? length : found;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Calendar calendar
        && unit == calendar.unit
        && zone.equals(calendar.zone);
  }

  @Override
  public int hashCode() {
    return 31 * unit.hashCode() + zone.hashCode();
  }

  /** Such as {@code days of Europe/Paris}. */
  @Override
  public String toString() {
    return unit.name().toLowerCase(Locale.ROOT) + " of " + zone.getId();
  }
}
