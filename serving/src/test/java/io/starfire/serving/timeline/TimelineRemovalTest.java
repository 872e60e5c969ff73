package io.starfire.serving.timeline;

import static io.starfire.serving.timeline.Month.APRIL;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Removal brings back what lies beneath: T53 to T59 and T82. */
class TimelineRemovalTest {
  //     |--2--|   removed
  // |------1------|
  @Test
  void t53_removingTheUpperMakesTheLowerWholeAgain() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[10,15)v2=2");

    assertThat(APRIL.remove(timeline, "[10,15)v2")).isEqualTo("2");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,20)v1=1");
  }

  //         |---2---|---3---|   2 removed
  // |-------1-------|
  @Test
  void t54_removingAnEndBesideAHigherVersion() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[10,20)v2=2", "[20,30)v3=4");

    APRIL.remove(timeline, "[10,20)v2");

    assertThat(APRIL.lookup(timeline, "[1,30)")).containsExactly("[1,20)v1=1", "[20,30)v3=4");
  }

  @Test
  void t55_removingTwoMakesTheLowerWholeAgain() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[2,3)v2=2", "[10,14)v2=3");

    APRIL.remove(timeline, "[2,3)v2");
    APRIL.remove(timeline, "[10,14)v2");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,20)v1=1");
  }

  @Test
  void t56_removingTheSecondOfTwoNeighbours() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[10,15)v2=2", "[15,20)v2=3");

    APRIL.remove(timeline, "[15,20)v2");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,10)v1=1", "[10,15)v2=2", "[15,20)v1=1");
  }

  @Test
  void t57_addingTheSameAgainIsHarmless() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[10,15)v2=2");

    APRIL.remove(timeline, "[10,15)v2");
    APRIL.add(timeline, "[1,20)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,20)v1=1");
    assertThat(timeline.size()).isEqualTo(1);
  }

  @Test
  void t58_removingWhereNothingLiesBeneathLeavesAGap() {
    var timeline = APRIL.timeline("[1,5)v1=1", "[5,10)v2=2", "[10,15)v3=3", "[15,20)v4=4");

    APRIL.remove(timeline, "[15,20)v4");

    assertThat(APRIL.lookup(timeline, "[1970-01-01,9999-01-01)"))
        .containsExactly("[1,5)v1=1", "[5,10)v2=2", "[10,15)v3=3");
  }

  // |-3a-|  ?        incomplete
  // |-2a-|  ?        incomplete
  // |-1a-|-1b-|      complete
  @Test
  void t59_incompleteVersionsNeverHideACompleteOne() {
    var timeline = new VersionedIntervalTimeline<String>();
    APRIL.add(timeline, "[1,2)v1", range(0, null, "10", "1a"));
    APRIL.add(timeline, "[1,2)v1", range(1, "10", null, "1b"));
    APRIL.add(timeline, "[1,2)v2", range(0, null, "10", "2a"));
    assertThat(APRIL.lookup(timeline, "[1,2)")).containsExactly("[1,2)v1=1a+1b");
    assertThat(APRIL.overshadowed(timeline)).isEmpty();

    APRIL.add(timeline, "[1,2)v3", range(0, null, "10", "3a"));

    assertThat(APRIL.lookup(timeline, "[1,2)")).containsExactly("[1,2)v1=1a+1b");
    assertThat(APRIL.lookupWithIncomplete(timeline, "[1,2)")).containsExactly("[1,2)v3=3a");
    assertThat(APRIL.overshadowed(timeline)).containsExactly("[1,2)v2=2a");

    assertThat(APRIL.remove(timeline, "[1,2)v2", range(0, null, "10", "2a"))).isEqualTo("2a");

    assertThat(APRIL.lookup(timeline, "[1,2)")).containsExactly("[1,2)v1=1a+1b");
    assertThat(APRIL.overshadowed(timeline)).isEmpty();
  }

  @Test
  void t82_addedAndRemovedLeavesNothing() {
    var timeline = APRIL.timeline("[1,2)v1=1");
    assertThat(timeline.size()).isEqualTo(1);

    APRIL.remove(timeline, "[1,2)v1");

    assertThat(timeline.size()).isZero();
    assertThat(timeline.isEmpty()).isTrue();
    assertThat(timeline.objects()).isEmpty();
    assertThat(timeline.lookup(APRIL.interval("[1,2)"))).isEmpty();
  }

  private static RangeChunk<String> range(int number, String start, String end, String object) {
    return new RangeChunk<>(
        number, start == null ? null : List.of(start), end == null ? null : List.of(end), object);
  }
}
