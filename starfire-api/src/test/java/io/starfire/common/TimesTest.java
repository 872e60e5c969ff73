package io.starfire.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** How times and intervals are read and written. */
class TimesTest {
  @Test
  void offsetsAreReadWithAndWithoutColonAndMinutes() {
    long expected = Times.parse("2026-11-20T04:30Z");
    assertThat(Times.parse("2026-11-20T10:00+05:30")).isEqualTo(expected);
    assertThat(Times.parse("2026-11-20T10:00+0530")).isEqualTo(expected);
    assertThat(Times.parse("2026-11-20T10:00:00.000+0530")).isEqualTo(expected);
    assertThat(Times.parse("2026-11-20T10+0530")).isEqualTo(expected);
    assertThat(Times.parse("2026-11-19T23:30-05")).isEqualTo(expected);
    assertThat(Times.parse("2026-11-20T04:30:00.000123Z")).isEqualTo(expected);
  }

  @Test
  void whatHasNoZoneIsUtcAndWhatIsMissingIsTheFirst() {
    long expected = Times.parse("2026-01-01T00:00:00.000Z");
    assertThat(Times.parse("2026")).isEqualTo(expected);
    assertThat(Times.parse("2026-01")).isEqualTo(expected);
    assertThat(Times.parse("2026-01-01")).isEqualTo(expected);
    assertThat(Times.parse("2026-01-01T00")).isEqualTo(expected);
    assertThat(Times.parse("2026-01-01T00Z")).isEqualTo(expected);
    assertThat(Times.parse(" 2026-01-01T00:00 ")).isEqualTo(expected);
  }

  @Test
  void whatIsNoTimeIsRefused() {
    for (String text :
        new String[] {
          "",
          "yesterday",
          "2026-13-01",
          "2026-01-01T",
          "2026-01-01T1",
          "20-01-01",
          "2026-01-01T00:00+5",
          "2026-01-01T00:00+053",
          "-",
          "2026-",
          "1764000000"
        }) {
      assertThatThrownBy(() -> Times.parse(text))
          .as(text)
          .isInstanceOf(StarfireException.class)
          .hasMessageContaining("is not an ISO-8601 time");
    }
  }

  @Test
  void theIntervalThatDruidWritesForAllTimesIsRead() {
    Interval all = Interval.parse("-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z");
    assertThat(all.startMillis()).isEqualTo(Long.MIN_VALUE / 2);
    assertThat(all.endMillis()).isEqualTo(Long.MAX_VALUE / 2);
    assertThat(all.contains(Interval.ETERNITY)).isTrue();
    assertThat(Interval.parse("-5000/5000").contains(Times.parse("2026"))).isTrue();
    assertThat(Interval.parse("1900-01-01/2100-01-01").startMillis()).isNegative();
  }

  @Test
  void aTimeIsWrittenWithTheOffsetOfItsZone() {
    long winter = Times.parse("2026-01-01T08:00Z");
    long summer = Times.parse("2026-07-01T07:00Z");
    ZoneId losAngeles = ZoneId.of("America/Los_Angeles");
    assertThat(Times.format(winter, losAngeles)).isEqualTo("2026-01-01T00:00:00.000-08:00");
    assertThat(Times.format(summer, losAngeles)).isEqualTo("2026-07-01T00:00:00.000-07:00");
    assertThat(Times.format(winter, ZoneId.of("Europe/London")))
        .isEqualTo("2026-01-01T08:00:00.000Z");
    assertThat(Times.format(winter, ZoneId.of("UTC"))).isEqualTo("2026-01-01T08:00:00.000Z");
    assertThat(Times.parse(Times.format(summer, losAngeles))).isEqualTo(summer);
  }
}
