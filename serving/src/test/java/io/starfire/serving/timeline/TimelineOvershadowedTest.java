package io.starfire.serving.timeline;

import static io.starfire.serving.timeline.Month.APRIL;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is hidden everywhere: T39 to T52, T60, T61 and T81. */
class TimelineOvershadowedTest {
  // |---------------3---------------|
  //   |---2---|      |-----2-----|
  //     |--1--|    |--1--|
  @Test
  void t39_oneWholeHidesFour() {
    var timeline =
        APRIL.timeline("[3,6)v1=1", "[9,12)v1=2", "[2,8)v2=3", "[10,16)v2=4", "[1,20)v3=5");

    assertThat(APRIL.overshadowed(timeline))
        .containsExactly("[10,16)v2=4", "[2,8)v2=3", "[3,6)v1=1", "[9,12)v1=2");
  }

  @Test
  void t40_oneWholeHidesTwoHalvesAndAnotherWhole() {
    var timeline = APRIL.timeline("[1,5)v2=1", "[5,10)v2=2", "[1,10)v1=3", "[1,10)v3=4");

    assertThat(APRIL.overshadowed(timeline))
        .containsExactly("[1,10)v1=3", "[1,5)v2=1", "[5,10)v2=2");
  }

  // |------3------|
  // |--2--|       |--2--|
  //    |------1------|        hidden by 3 and 2 together
  @Test
  void t41_twoNeighboursOfDifferentVersionsHideTogether() {
    var timeline = APRIL.timeline("[1,5)v2=1", "[10,15)v2=2", "[3,12)v1=3", "[1,10)v3=4");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,5)v2=1", "[3,12)v1=3");
  }

  @Test
  void t42_oneWholeHidesThreeThirds() {
    var timeline = APRIL.timeline("[1,3)v1=2", "[3,6)v1=3", "[6,9)v1=4", "[1,9)v2=1");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,3)v1=2", "[3,6)v1=3", "[6,9)v1=4");
  }

  // |--2--|--2--|--2--|
  // |--------1--------|
  @Test
  void t43_threeThirdsHideAWhole() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[1,3)v2=2", "[3,6)v2=3", "[6,9)v2=4");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,9)v1=1");
  }

  @Test
  void t44_oneWholeHidesThreeWithAGap() {
    var timeline = APRIL.timeline("[1,3)v1=1", "[3,6)v1=2", "[9,12)v1=3", "[1,12)v2=4");

    assertThat(APRIL.overshadowed(timeline))
        .containsExactly("[1,3)v1=1", "[3,6)v1=2", "[9,12)v1=3");
  }

  @Test
  void t45_aLongerOneHidesTwo() {
    var timeline = APRIL.timeline("[3,6)v1=1", "[6,9)v1=2", "[1,9)v2=3");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[3,6)v1=1", "[6,9)v1=2");
  }

  //       |--2--|--2--|
  // |--------1--------|
  @Test
  void t46_aHeadThatShowsKeepsTheWhole() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[3,6)v2=2", "[6,9)v2=3");

    assertThat(APRIL.overshadowed(timeline)).isEmpty();
  }

  // |--2--|     |--2--|
  // |--------1--------|
  @Test
  void t47_aMiddleThatShowsKeepsTheWhole() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[1,3)v2=2", "[6,9)v2=3");

    assertThat(APRIL.overshadowed(timeline)).isEmpty();
  }

  // |--2--|--2--|
  // |--------1--------|
  @Test
  void t48_aTailThatShowsKeepsTheWhole() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[1,3)v2=2", "[3,6)v2=3");

    assertThat(APRIL.overshadowed(timeline)).isEmpty();
  }

  @Test
  void t49_hiddenUnderSeveralVersions() {
    var timeline = APRIL.timeline("[1,9)v2=1", "[1,3)v3=2", "[3,6)v4=3", "[3,6)v1=4");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[3,6)v1=4");
  }

  @Test
  void t50_twoHiddenUnderSeveralVersions() {
    var timeline =
        APRIL.timeline("[1,12)v2=1", "[1,3)v3=2", "[6,9)v4=3", "[9,12)v1=4", "[3,6)v1=5");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[3,6)v1=5", "[9,12)v1=4");
  }

  @Test
  void t51_twoLowerVersionsOfOneInterval() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[1,9)v9=2", "[1,9)v2=3");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,9)v1=1", "[1,9)v2=3");
  }

  @Test
  void t52_twoLowerVersionsOfOneIntervalAndTheHighestAgain() {
    var timeline = APRIL.timeline("[1,9)v1=1", "[1,9)v9=2", "[1,9)v2=3", "[1,9)v9=4");

    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,9)v1=1", "[1,9)v2=3");
  }

  //        |-1-|-1-|          |-1-|-1-|
  // 1      5   7   9          15  17  19
  @Test
  void t60_isOvershadowedByOneVersionWithAGap() {
    var timeline = APRIL.timeline("[5,7)v1=1", "[7,9)v1=2", "[15,17)v1=3", "[17,19)v1=4");

    assertThat(overshadowedOf(timeline, "0", everyInterval()))
        .containsExactlyInAnyOrder(
            "[5,6)", "[5,7)", "[5,8)", "[5,9)", "[6,7)", "[6,8)", "[6,9)", "[7,8)", "[7,9)",
            "[8,9)", "[15,16)", "[15,17)", "[15,18)", "[15,19)", "[16,17)", "[16,18)", "[16,19)",
            "[17,18)", "[17,19)", "[18,19)");
    List<String> covered = List.of("[5,6)", "[5,7)", "[5,8)", "[5,9)");
    assertThat(overshadowedOf(timeline, "1", covered)).isEmpty();
    assertThat(overshadowedOf(timeline, "2", covered)).isEmpty();
  }

  @Test
  void t60_isNotOvershadowedWhereAnythingSticksOut() {
    var timeline = APRIL.timeline("[5,7)v1=1", "[7,9)v1=2", "[15,17)v1=3", "[17,19)v1=4");

    assertThat(
            overshadowedOf(
                timeline,
                "0",
                List.of(
                    "[1,3)", "[1,5)", "[1,6)", "[1,7)", "[1,8)", "[1,9)", "[1,10)", "[1,30)",
                    "[6,10)", "[6,30)", "[7,10)", "[7,30)", "[8,10)", "[8,30)", "[9,10)", "[9,15)",
                    "[9,17)", "[9,19)", "[9,30)", "[15,20)", "[15,30)", "[19,20)", "[21,22)")))
        .isEmpty();
  }

  //      |-----11-----|                   |-----12-----|
  //             |-----12-----|                   |-----11-----|
  // 1    5      7     9      11           15     17    19     21
  @Test
  void t61_isOvershadowedByTwoVersionsWithAGap() {
    var timeline = APRIL.timeline("[5,9)v11=1", "[7,11)v12=2", "[15,19)v12=3", "[17,21)v11=4");

    assertThat(APRIL.lookup(timeline, "[1,30)"))
        .containsExactly("[5,7)v11=1", "[7,11)v12=2", "[15,19)v12=3", "[19,21)v11=4");
    assertThat(
            overshadowedOf(
                timeline,
                "0",
                List.of(
                    "[5,6)", "[5,7)", "[5,8)", "[5,9)", "[5,10)", "[5,11)", "[6,7)", "[6,8)",
                    "[6,9)", "[6,10)", "[6,11)", "[15,21)")))
        .hasSize(12);
    List<String> sticksOut = new ArrayList<>(List.of("[1,3)", "[1,30)", "[21,22)"));
    for (int end = 5; end <= 11; end++) {
      sticksOut.add("[1," + end + ")");
    }
    for (int start : new int[] {5, 6, 12}) {
      for (int end = start == 12 ? 15 : 12; end <= 22; end++) {
        sticksOut.add("[" + start + "," + end + ")");
      }
    }
    assertThat(overshadowedOf(timeline, "0", sticksOut)).isEmpty();
    List<String> covered = List.of("[5,6)", "[5,7)", "[5,8)", "[5,9)", "[5,10)", "[5,11)");
    assertThat(overshadowedOf(timeline, "12", covered)).isEmpty();
    assertThat(overshadowedOf(timeline, "13", covered)).isEmpty();
  }

  @Test
  void t61_versionsCompareAsStrings() {
    var timeline = APRIL.timeline("[1,9)v11=1");

    assertThat(APRIL.isOvershadowed(timeline, "[1,9)", "0")).isTrue();
    assertThat(APRIL.isOvershadowed(timeline, "[1,9)", "2")).isFalse();
    assertThat(APRIL.isOvershadowed(timeline, "[1,9)", "9")).isFalse();
  }

  @Test
  void t81_onlyAHigherVersionOvershadowsASegment() {
    var timeline = new VersionedIntervalTimeline<String>();
    for (int number = 0; number < 3; number++) {
      APRIL.add(timeline, "[1,2)v1", new NumberedChunk<>(number, 3, "a" + number));
    }
    for (int number = 0; number < 2; number++) {
      APRIL.add(timeline, "[2,3)v2", new NumberedChunk<>(number, 2, "b" + number));
    }

    assertThat(APRIL.isOvershadowed(timeline, "[1,2)", "1")).isFalse();
    assertThat(APRIL.isOvershadowed(timeline, "[1,1T06)", "1")).isFalse();
    assertThat(APRIL.isOvershadowed(timeline, "[2,3)", "1")).isTrue();
  }

  @Test
  void anEmptyIntervalIsNeverOvershadowed() {
    assertThat(APRIL.isOvershadowed(APRIL.timeline("[1,9)v1=1"), "[2,2)", "0")).isFalse();
  }

  private static List<String> overshadowedOf(
      VersionedIntervalTimeline<String> timeline, String version, List<String> intervals) {
    return intervals.stream()
        .filter(interval -> APRIL.isOvershadowed(timeline, interval, version))
        .toList();
  }

  private static List<String> everyInterval() {
    List<String> intervals = new ArrayList<>();
    for (int start = 1; start < 30; start++) {
      for (int end = start + 1; end <= 30; end++) {
        intervals.add("[" + start + "," + end + ")");
      }
    }
    return intervals;
  }
}
