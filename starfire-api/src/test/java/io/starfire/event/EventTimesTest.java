package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EventTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long ARRIVAL = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

  @Test
  void theFirstAndTheLastMillisecondAreGood() {
    assertThat(check("1970-01-01T00:00:00Z").millis()).isZero();
    assertThat(check("1970-01-01T00:00:00Z").isGood()).isTrue();
    EventTimes.Checked last = EventTimes.check(Instant.parse("9999-12-31T23:59:59.999Z"), 0, HOUR);
    assertThat(last.isGood()).isTrue();
    assertThat(last.millis()).isEqualTo(253_402_300_799_999L);
  }

  @Test
  void timesOutsideOfTheRangeAreBad() {
    assertThat(EventTimes.check(null, ARRIVAL, HOUR).problem()).isEqualTo("the event has no time");
    assertThat(check("1969-12-31T23:59:59.999Z").problem())
        .isEqualTo("event time 1969-12-31T23:59:59.999Z must be from 1970 to 9999, both inclusive");
    assertThat(EventTimes.check(Instant.parse("+10000-01-01T00:00:00Z"), 0, HOUR).isGood())
        .isFalse();
    assertThat(EventTimes.check(Instant.MAX, 0, HOUR).isGood()).isFalse();
    assertThat(EventTimes.check(Instant.MIN, 0, HOUR).isGood()).isFalse();
  }

  @Test
  void timesMayBeAsFarAheadAsAllowedAndNoFurther() {
    assertThat(check("2026-11-20T11:00:00Z").isGood()).isTrue();
    assertThat(check("2026-11-20T11:00:00.000999Z").millis()).isEqualTo(ARRIVAL + 3_600_000);
    assertThat(check("2026-11-20T11:00:00.001Z").problem())
        .isEqualTo(
            "event time 2026-11-20T11:00:00.001Z is further ahead of the record's timestamp"
                + " 2026-11-20T10:00:00Z than PT1H");
  }

  @Test
  void withoutARecordTimestampOnlyTheRangeCounts() {
    assertThat(EventTimes.check(Instant.parse("2090-01-01T00:00:00Z"), 0, HOUR).isGood()).isTrue();
    assertThat(EventTimes.check(Instant.parse("2090-01-01T00:00:00Z"), -1, HOUR).isGood()).isTrue();
  }

  private static EventTimes.Checked check(String time) {
    return EventTimes.check(Instant.parse(time), ARRIVAL, HOUR);
  }
}
