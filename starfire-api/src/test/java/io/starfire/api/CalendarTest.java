package io.starfire.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows by the calendar, around every change of the clock from 2024 to 2027 in six zones. */
class CalendarTest {
  private static final long MINUTE = 60_000;
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final long END = Instant.parse("2028-01-01T00:00:00Z").toEpochMilli();

  /** Clocks change at one, at two, by half an hour, at midnight, around Ramadan, and never. */
  static Stream<String> zones() {
    return Stream.of(
        "Europe/Paris",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Africa/Casablanca",
        "Asia/Kathmandu");
  }

  private static List<Function<String, Calendar>> units() {
    return List.of(Calendar::hours, Calendar::days, Calendar::weeks, Calendar::months);
  }

  @ParameterizedTest
  @MethodSource("zones")
  void windowsFollowEachOtherWithoutGapAndBeginAtLocalBoundaries(String zone) {
    for (Function<String, Calendar> unit : units()) {
      Calendar calendar = unit.apply(zone);
      Interval window = calendar.windowOf(START);
      while (window.endMillis() < END) {
        assertThat(calendar.windowOf(window.startMillis())).isEqualTo(window);
        assertThat(calendar.windowOf(window.endMillis() - 1)).isEqualTo(window);
        assertThat(Duration.ofMillis(window.lengthMillis()))
            .isPositive()
            .isLessThanOrEqualTo(calendar.longest());
        requireBoundary(calendar, ZoneId.of(zone), window.startMillis());
        Interval next = calendar.windowOf(window.endMillis());
        assertThat(next.startMillis()).isEqualTo(window.endMillis());
        window = next;
      }
    }
  }

  /** Either the local time is a boundary, or the boundary fell into the gap that ends here. */
  private static void requireBoundary(Calendar calendar, ZoneId zone, long startMillis) {
    ZonedDateTime start = Instant.ofEpochMilli(startMillis).atZone(zone);
    ZoneOffsetTransition gap = zone.getRules().previousTransition(start.toInstant().plusNanos(1));
    boolean afterGap = gap != null && gap.isGap() && gap.getInstant().equals(start.toInstant());
    LocalDateTime local = afterGap ? gap.getDateTimeBefore() : start.toLocalDateTime();
    assertThat(local.getMinute()).as("%s at %s", calendar, start).isZero();
    if (!calendar.toString().startsWith("hours")) {
      assertThat(local.getHour()).as("%s at %s", calendar, start).isZero();
    }
    if (calendar.toString().startsWith("weeks")) {
      assertThat(local.getDayOfWeek().getValue()).isEqualTo(1);
    }
    if (calendar.toString().startsWith("months")) {
      assertThat(local.getDayOfMonth()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("zones")
  void eachLocalDayOfTheseYearsIsOneWindow(String zone) {
    Calendar days = Calendar.days(zone);
    ZoneId id = ZoneId.of(zone);
    for (LocalDate day = LocalDate.of(2024, 1, 1); day.getYear() < 2028; day = day.plusDays(1)) {
      // atStartOfDay follows the same rule: after a gap, and the earlier of two.
      assertThat(days.windowOf(day.atTime(12, 0).atZone(id).toInstant().toEpochMilli()))
          .isEqualTo(
              new Interval(
                  day.atStartOfDay(id).toInstant().toEpochMilli(),
                  day.plusDays(1).atStartOfDay(id).toInstant().toEpochMilli()));
    }
  }

  @ParameterizedTest
  @MethodSource("zones")
  void everyMinuteAroundAChangeOfTheClockIsInItsWindow(String zone) {
    ZoneOffsetTransition change =
        ZoneId.of(zone).getRules().nextTransition(Instant.ofEpochMilli(START));
    while (change != null && change.getInstant().toEpochMilli() < END) {
      long at = change.getInstant().toEpochMilli();
      for (Function<String, Calendar> unit : units()) {
        Calendar calendar = unit.apply(zone);
        for (long time = at - 1500 * MINUTE; time < at + 1500 * MINUTE; time += 15 * MINUTE) {
          assertThat(calendar.windowOf(time).contains(time)).isTrue();
          assertThat(calendar.windowOf(time - 1).contains(time - 1)).isTrue();
        }
      }
      change = ZoneId.of(zone).getRules().nextTransition(change.getInstant());
    }
  }

  @Test
  void aDayHas23Or25HoursWhereTheClockChanges() {
    requireWindow(
        Calendar.days("Europe/Paris"), "2026-03-29T12:00Z", "2026-03-28T23:00Z/2026-03-29T22:00Z");
    requireWindow(
        Calendar.days("Europe/Paris"), "2026-10-25T12:00Z", "2026-10-24T22:00Z/2026-10-25T23:00Z");
    assertThat(Calendar.days("Europe/Paris").longest()).isEqualTo(Duration.ofHours(25));
    assertThat(Calendar.days("Asia/Kathmandu").longest()).isEqualTo(Duration.ofHours(24));
    assertThat(Calendar.weeks("America/New_York").longest()).isEqualTo(Duration.ofHours(169));
    assertThat(Calendar.months("Europe/Paris").longest())
        .isEqualTo(Duration.ofDays(31).plusHours(1));
  }

  @Test
  void aMidnightThatTheClockSkipsIsTheFirstInstantAfterTheGap() {
    // In Santiago clocks go from 24:00 on 2026-09-05 to 01:00 on 2026-09-06.
    requireWindow(
        Calendar.days("America/Santiago"),
        "2026-09-06T12:00Z",
        "2026-09-06T04:00Z/2026-09-07T03:00Z");
  }

  @Test
  void anHourThatOccursTwiceIsOneWindowAndOneThatIsSkippedIsNone() {
    Calendar paris = Calendar.hours("Europe/Paris");
    requireWindow(paris, "2026-10-25T00:30Z", "2026-10-25T00:00Z/2026-10-25T02:00Z");
    requireWindow(paris, "2026-10-25T01:30Z", "2026-10-25T00:00Z/2026-10-25T02:00Z");
    requireWindow(paris, "2026-03-29T00:59Z", "2026-03-29T00:00Z/2026-03-29T01:00Z");
    requireWindow(paris, "2026-03-29T01:00Z", "2026-03-29T01:00Z/2026-03-29T02:00Z");
    // Lord Howe goes from 02:00 to 02:30: a window of half an hour.
    requireWindow(
        Calendar.hours("Australia/Lord_Howe"),
        "2026-10-03T15:40Z",
        "2026-10-03T15:30Z/2026-10-03T16:00Z");
  }

  @Test
  void theFirstWindowBeginsWithEventTime() {
    assertThat(Calendar.days("Europe/Paris").windowOf(0))
        .isEqualTo(new Interval(0, Duration.ofHours(23).toMillis()));
    assertThat(Tumbling.every(Duration.ofDays(7)).windowOf(5))
        .isEqualTo(new Interval(0, Duration.ofDays(7).toMillis()));
  }

  @Test
  void aZoneThatDoesNotExistAndASizeOutOfBoundsAreRefused() {
    requireInvalid(() -> Calendar.days("Europe/Pariss"))
        .hasMessage(
            "there is no time zone 'Europe/Pariss'; write it as in the IANA database, such as"
                + " Europe/Paris, or UTC");
    for (Duration size : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofDays(3651))) {
      requireInvalid(() -> Tumbling.every(size))
          .hasMessage(
              "the size of a tumbling window must be whole milliseconds between PT0.001S and"
                  + " PT87600H, got "
                  + size);
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
      requireInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE));
  }

  private static void requireWindow(Calendar calendar, String time, String window) {
    assertThat(calendar.windowOf(Instant.parse(time.replace("Z", ":00Z")).toEpochMilli()))
        .isEqualTo(Interval.parse(window));
  }
}
