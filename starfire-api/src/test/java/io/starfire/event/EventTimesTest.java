package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.config.StarfireConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTimesTest {
  private static final long ARRIVAL = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
  private static final long READ = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  private static final long END_OF_TIME = 253_402_300_799_999L;

  private final EventTimes rule = new EventTimes(Duration.ofHours(1));

  @Test
  void theFirstAndTheLastMillisecondAreGood() {
    assertThat(check("1970-01-01T00:00:00Z").millis()).isZero();
    assertThat(check("1970-01-01T00:00:00Z").isGood()).isTrue();
    EventTimes.Checked last =
        new EventTimes(Duration.ofDays(100_000_000L))
            .check(Instant.ofEpochMilli(END_OF_TIME), ARRIVAL, READ);
    assertThat(last.isGood()).isTrue();
    assertThat(last.millis()).isEqualTo(END_OF_TIME);
  }

  @Test
  void timesOutsideOfTheRangeAreBad() {
    assertThat(rule.check(null, ARRIVAL, READ).problem()).isEqualTo("the event has no time");
    assertThat(check("1969-12-31T23:59:59.999Z").problem())
        .isEqualTo("event time 1969-12-31T23:59:59.999Z must be from 1970 to 9999, both inclusive");
    assertThat(check("+10000-01-01T00:00:00Z").isGood()).isFalse();
    assertThat(rule.check(Instant.MAX, ARRIVAL, READ).isGood()).isFalse();
    assertThat(rule.check(Instant.MIN, ARRIVAL, READ).isGood()).isFalse();
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

  @ParameterizedTest(name = "timestamp {0}")
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, END_OF_TIME, Long.MAX_VALUE - 3_600_000})
  void withoutAUsableTimestampTheTimeOfReadingIsTheBound(long timestamp) {
    assertThat(rule.arrivalMillis(timestamp, READ)).isEqualTo(READ);
    Instant last = Instant.ofEpochMilli(READ + 3_600_000);
    assertThat(rule.check(last, timestamp, READ).isGood()).isTrue();
    assertThat(rule.check(last.plusMillis(1), timestamp, READ).isGood()).isFalse();
    assertThat(rule.check(Instant.ofEpochMilli(END_OF_TIME), timestamp, READ).isGood()).isFalse();
  }

  @Test
  void aTimestampThatCannotBeUsedIsNamed() {
    assertThat(rule.check(Instant.parse("2026-11-20T13:00:00.001Z"), 0, READ).problem())
        .isEqualTo(
            "event time 2026-11-20T13:00:00.001Z is further ahead of 2026-11-20T12:00:00Z, when the"
                + " record was read, than PT1H; the record's timestamp cannot be used:"
                + " 1970-01-01T00:00:00Z");
    assertThat(rule.check(Instant.parse("2026-11-20T13:00:00.001Z"), -1, READ).problem())
        .endsWith("cannot be used: it has none");
  }

  @Test
  void theClocksOfProducerAndReaderMayDifferByAsMuchAsAnEventMayBeAhead() {
    long ahead = READ + 3_600_000;
    assertThat(rule.arrivalMillis(ahead, READ)).isEqualTo(ahead);
    assertThat(rule.arrivalMillis(ahead + 1, READ)).isEqualTo(READ);
  }

  @Test
  void theTimestampOfAnOldRecordIsUsed() {
    assertThat(rule.arrivalMillis(1, READ)).isEqualTo(1);
    assertThat(rule.check(Instant.parse("1970-01-01T01:00:00.001Z"), 1, READ).isGood()).isTrue();
    assertThat(rule.check(Instant.parse("1970-01-01T01:00:00.002Z"), 1, READ).isGood()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"400000d", "P400000D", "-400000d", "1e30d"})
  void aBoundThatIsTooLongIsRefusedAndNotCut(String maxAhead) {
    assertThatThrownBy(() -> bound(maxAhead))
        .hasMessageContaining("starfire.stream.max-ahead")
        .hasMessageContaining(maxAhead);
    assertThat(bound("100000d").maxAhead()).isEqualTo(Duration.ofDays(100_000));
  }

  private static EventTimes bound(String maxAhead) {
    return EventTimes.from(StarfireConfig.fromMap(Map.of("starfire.stream.max-ahead", maxAhead)));
  }

  private EventTimes.Checked check(String time) {
    return rule.check(Instant.parse(time), ARRIVAL, READ);
  }
}
