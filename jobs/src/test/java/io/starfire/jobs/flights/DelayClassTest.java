package io.starfire.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelayClassTest {
  @ParameterizedTest
  @CsvSource({
    "-1116, EARLY",
    "-1, EARLY",
    "0, ON_TIME",
    "14, ON_TIME",
    "15, LATE",
    "59, LATE",
    "60, VERY_LATE",
    "1688, VERY_LATE"
  })
  void theClassesBeginAtZeroFifteenAndSixtyMinutes(int minutes, DelayClass expected) {
    assertThat(DelayClass.of(minutes)).isEqualTo(expected);
  }
}
