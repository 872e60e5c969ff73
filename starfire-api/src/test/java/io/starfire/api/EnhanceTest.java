package io.starfire.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnhanceTest {
  @Test
  void nullGivesWayToTheDefaultAndNothingElseDoes() {
    assertThat(Enhance.orDefault(null, "x")).isEqualTo("x");
    assertThat(Enhance.orDefault("", "x")).isEmpty();
  }

  @Test
  void blankTextIsNullOrTheDefault() {
    assertThat(Enhance.blankToNull(" \t")).isNull();
    assertThat(Enhance.blankToNull(null)).isNull();
    assertThat(Enhance.blankToNull(" a ")).isEqualTo(" a ");
    assertThat(Enhance.textOr("  ", "none")).isEqualTo("none");
    assertThat(Enhance.textOr(null, "none")).isEqualTo("none");
    assertThat(Enhance.textOr(" a ", "none")).isEqualTo("a");
  }

  @Test
  void trimmingTakesWhiteSpaceFromBothEnds() {
    assertThat(Enhance.trim("\u2003 a b \n")).isEqualTo("a b");
    assertThat(Enhance.trim(null)).isNull();
  }
}
