package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTimesTest {
  private static final long NOW = Times.parse("2026-11-20T10:00Z");
  private static final RowTimes TIMES = RowTimes.from(StarfireConfig.fromMap(Map.of()));

  @Test
  void rowsMayBeADayAheadOfTheClockAndNoFurther() {
    assertThat(TIMES.problem(Times.parse("2026-11-21T10:00Z"), NOW)).isNull();
    assertThat(TIMES.problem(Times.parse("2026-11-21T10:00:00.001Z"), NOW))
        .isEqualTo(
            "the row's time 2026-11-21T10:00:00.001Z is further ahead of the clock, which is at"
                + " 2026-11-20T10:00:00.000Z, than PT24H (starfire.rows.max-ahead)");
    assertThat(TIMES.problem(Times.parse("9999-12-31"), NOW)).contains("further ahead");
  }

  @Test
  void rowsAreOfTheYears1970To9999() {
    assertThat(TIMES.problem(0, NOW)).isNull();
    assertThat(TIMES.problem(-1, NOW)).contains("1970 to 9999, got -1 ms");
    assertThat(TIMES.problem(Long.MIN_VALUE, NOW)).contains("1970 to 9999");
    assertThat(TIMES.problem(Long.MAX_VALUE, NOW)).contains("1970 to 9999");
  }

  @Test
  void aBoundBelowZeroIsRefused() {
    assertThatThrownBy(
            () -> RowTimes.from(StarfireConfig.fromMap(Map.of("starfire.rows.max-ahead", "-1h"))))
        .hasMessageContaining("starfire.rows.max-ahead");
  }
}
