package io.starfire.serving.timeline;

import static io.starfire.serving.timeline.Month.APRIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import org.junit.jupiter.api.Test;

/** Which version shows where: T01 to T38. */
class TimelineLookupTest {
  @Test
  void t01_lookupInsideTheHigherVersionGivesItsObjects() {
    var timeline = APRIL.timeline("[1,10)v1=a", "[2,5)v2=b");

    assertThat(timeline.lookup(APRIL.interval("[2T02,4)")))
        .flatExtracting(TimelineObject::objects)
        .containsExactly("b");
  }

  @Test
  void t02_aHiddenChunkIsFoundInAContainingInterval() {
    var timeline = APRIL.timeline("[1,10)v1=a", "[2,5)v2=b");

    assertThat(APRIL.find(timeline, "[2T02,4)", "1", 0)).isEqualTo("a");
  }

  // |---1---|
  //     |---1---|   refused
  @Test
  void t03_overlapWithinOneVersionIsRefused() {
    var timeline = APRIL.timeline("[1,10)v1=1");

    assertThatThrownBy(() -> APRIL.add(timeline, "[5,15)v1=3"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessage(
            "cannot add 2011-04-05T00:00:00.000Z/2011-04-15T00:00:00.000Z of version 1: it overlaps"
                + " 2011-04-01T00:00:00.000Z/2011-04-10T00:00:00.000Z of the same version;"
                + " segments of one version must not overlap unless their intervals are equal");
    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,10)v1=1");
    assertThat(timeline.size()).isEqualTo(1);
  }

  @Test
  void t03_overlapWithinOneVersionIsRefusedEvenIfHigherVersionsHideIt() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[1,15)v2=2");

    assertThatThrownBy(() -> APRIL.add(timeline, "[5,15)v1=3"))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("overlaps");
  }

  @Test
  void t04_theSecondAddOfAnEqualChunkIsIgnored() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[1,10)v2=2", "[1,10)v2=3", "[1,10)v1=4");

    assertThat(APRIL.lookup(timeline, "[1,10)")).containsExactly("[1,10)v2=2");
    assertThat(timeline.size()).isEqualTo(2);
  }

  //     |---2---|
  // |---1---|---1---|
  @Test
  void t05_higherVersionInTheMiddleOfTwo() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[10,20)v1=2", "[5,15)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v1=1", "[5,15)v2=3", "[15,20)v1=2");
  }

  @Test
  void t06_higherVersionInTheMiddleOfTwoAddedFirst() {
    var timeline = APRIL.timeline("[5,15)v2=3", "[1,10)v1=1", "[10,20)v1=2");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v1=1", "[5,15)v2=3", "[15,20)v1=2");
  }

  //     |---2---|
  // |---1---|
  @Test
  void t07_higherVersionOverTheEnd() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[5,15)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,15)")).containsExactly("[1,5)v1=1", "[5,15)v2=3");
  }

  @Test
  void t08_higherVersionOverTheEndAddedFirst() {
    var timeline = APRIL.timeline("[5,15)v2=3", "[1,10)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,15)")).containsExactly("[1,5)v1=1", "[5,15)v2=3");
  }

  // |---2---|
  //     |---1---|
  @Test
  void t09_higherVersionOverTheStart() {
    var timeline = APRIL.timeline("[5,15)v1=3", "[1,10)v2=1");

    assertThat(APRIL.lookup(timeline, "[1,15)")).containsExactly("[1,10)v2=1", "[10,15)v1=3");
  }

  @Test
  void t10_higherVersionOverTheStartAddedFirst() {
    var timeline = APRIL.timeline("[1,10)v2=3", "[5,15)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,15)")).containsExactly("[1,10)v2=3", "[10,15)v1=1");
  }

  //     |---2---|
  // |-------1-------|   one object, two pieces
  @Test
  void t11_higherVersionInsideSplitsTheLowerInTwo() {
    var timeline = APRIL.timeline("[1,20)v1=2", "[5,15)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v1=2", "[5,15)v2=3", "[15,20)v1=2");
    assertThat(timeline.lookup(APRIL.interval("[1,20)")).get(2).trueInterval())
        .isEqualTo(APRIL.interval("[1,20)"));
  }

  @Test
  void t12_higherVersionInsideAddedFirst() {
    var timeline = APRIL.timeline("[5,15)v2=3", "[1,20)v1=2");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v1=2", "[5,15)v2=3", "[15,20)v1=2");
  }

  // |-----2-----|
  // |---1---|---1---|
  @Test
  void t13_higherVersionOverOneAndAHalf() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[10,20)v1=2", "[1,15)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,15)v2=3", "[15,20)v1=2");
  }

  @Test
  void t14_higherVersionOverOneAndAHalfAddedFirst() {
    var timeline = APRIL.timeline("[1,15)v2=3", "[1,10)v1=1", "[10,20)v1=2");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,15)v2=3", "[15,20)v1=2");
  }

  //     |--3--|
  //        |------2------|
  // |-----1-----|
  @Test
  void t15_threeVersionsOverEachOther() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[5,20)v2=2", "[3,6)v3=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,3)v1=1", "[3,6)v3=3", "[6,20)v2=2");
  }

  @Test
  void t16_threeVersionsOverEachOtherInReverse() {
    var timeline = APRIL.timeline("[3,6)v3=3", "[5,20)v2=2", "[1,10)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,3)v1=1", "[3,6)v3=3", "[6,20)v2=2");
  }

  @Test
  void t17_threeVersionsOverEachOtherLowestLast() {
    var timeline = APRIL.timeline("[5,20)v2=2", "[3,6)v3=3", "[1,10)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,3)v1=1", "[3,6)v3=3", "[6,20)v2=2");
  }

  //   |-3-|
  //   |---2---|
  // |-------1-------|
  @Test
  void t18_threeVersionsInsideEachOther() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[2,10)v2=2", "[2,6)v3=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,2)v1=1", "[2,6)v3=3", "[6,10)v2=2", "[10,20)v1=1");
  }

  @Test
  void t19_threeVersionsInsideEachOtherInReverse() {
    var timeline = APRIL.timeline("[2,6)v3=3", "[2,10)v2=2", "[1,20)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,2)v1=1", "[2,6)v3=3", "[6,10)v2=2", "[10,20)v1=1");
  }

  @Test
  void t20_threeVersionsInsideEachOtherLowestLast() {
    var timeline = APRIL.timeline("[2,10)v2=2", "[2,6)v3=3", "[1,20)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,2)v1=1", "[2,6)v3=3", "[6,10)v2=2", "[10,20)v1=1");
  }

  //            |-2-|
  // |--1--|------1------|--1--|
  @Test
  void t21_higherVersionInsideTheMiddleOfThree() {
    var timeline = APRIL.timeline("[1,7)v1=1", "[7,15)v1=2", "[15,20)v1=3", "[10,13)v2=4");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,7)v1=1", "[7,10)v1=2", "[10,13)v2=4", "[13,15)v1=2", "[15,20)v1=3");
  }

  @Test
  void t22_higherVersionInsideTheMiddleOfThreeAddedFirst() {
    var timeline = APRIL.timeline("[10,13)v2=4", "[1,7)v1=1", "[7,15)v1=2", "[15,20)v1=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,7)v1=1", "[7,10)v1=2", "[10,13)v2=4", "[13,15)v1=2", "[15,20)v1=3");
  }

  // |---2---|---2---|
  // |-------1-------|
  @Test
  void t23_twoHalvesHideAWhole() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[1,10)v2=2", "[10,20)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,10)v2=2", "[10,20)v2=3");
  }

  @Test
  void t24_lookupOfZeroLengthIsEmptyAtABoundaryInsideAtTheStartAndAtTheEnd() {
    var timeline = APRIL.timeline("[1,20)v1=1", "[1,10)v2=2", "[10,20)v2=3");

    assertThat(APRIL.lookup(timeline, "[10,10)")).isEmpty();
    assertThat(APRIL.lookup(timeline, "[11,11)")).isEmpty();
    assertThat(APRIL.lookup(timeline, "[1,1)")).isEmpty();
    assertThat(APRIL.lookup(timeline, "[20,20)")).isEmpty();
  }

  @Test
  void t25_twoHalvesHideAWholeInAnotherOrder() {
    var timeline = APRIL.timeline("[10,20)v2=3", "[1,20)v1=1", "[1,10)v2=2");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,10)v2=2", "[10,20)v2=3");
  }

  //             |---3---|
  //       |---2---|
  // |---1---|
  @Test
  void t26_aStaircase() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[5,15)v2=2", "[15,25)v3=3");

    assertThat(APRIL.lookup(timeline, "[1,25)"))
        .containsExactly("[1,5)v1=1", "[5,15)v2=2", "[15,25)v3=3");
  }

  @Test
  void t27_aStaircaseInReverse() {
    var timeline = APRIL.timeline("[15,25)v3=3", "[5,15)v2=2", "[1,10)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,25)"))
        .containsExactly("[1,5)v1=1", "[5,15)v2=2", "[15,25)v3=3");
  }

  //    |-2-|     |---2---|
  // |-------1-------|
  @Test
  void t28_onePieceCutOutInsideAndOneAtTheEnd() {
    var timeline = APRIL.timeline("[1,15)v1=1", "[3,5)v2=2", "[13,20)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,3)v1=1", "[3,5)v2=2", "[5,13)v1=1", "[13,20)v2=3");
  }

  // |-------2-------|
  //    |-1-|     |---1---|
  @Test
  void t29_lowerVersionsUnderneathShowOnlyWhereTheyStickOut() {
    var timeline = APRIL.timeline("[1,15)v2=1", "[3,5)v1=2", "[13,20)v1=3");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,15)v2=1", "[15,20)v1=3");
  }

  // |--2--|   |-2-|
  //    |------1-------|
  @Test
  void t30_oneOverTheStartAndOneInside() {
    var timeline = APRIL.timeline("[3,20)v1=1", "[1,5)v2=2", "[13,17)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v2=2", "[5,13)v1=1", "[13,17)v2=3", "[17,20)v1=1");
  }

  @Test
  void t31_oneOverTheStartAndOneInsideLowestLast() {
    var timeline = APRIL.timeline("[1,5)v2=2", "[13,17)v2=3", "[3,20)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v2=2", "[5,13)v1=1", "[13,17)v2=3", "[17,20)v1=1");
  }

  // |--2--|     |--2--|
  //    |-----1-----|
  @Test
  void t32_oneOverTheStartAndOneOverTheEnd() {
    var timeline = APRIL.timeline("[3,17)v1=1", "[1,5)v2=2", "[15,20)v2=3");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v2=2", "[5,15)v1=1", "[15,20)v2=3");
  }

  @Test
  void t33_oneOverTheStartAndOneOverTheEndLowestLast() {
    var timeline = APRIL.timeline("[1,5)v2=2", "[15,20)v2=3", "[3,17)v1=1");

    assertThat(APRIL.lookup(timeline, "[1,20)"))
        .containsExactly("[1,5)v2=2", "[5,15)v1=1", "[15,20)v2=3");
  }

  //                 |4|
  //             |-3-|
  //         |-2-|
  // |-------1-------|
  @Test
  void t34_risingVersionsSideBySideOverOne() {
    var timeline = APRIL.timeline("[1,5)v1=1", "[3,4)v2=2", "[4,5)v3=3", "[5,6)v4=4");

    assertThat(timeline.lookup(Interval.ETERNITY)).hasSize(4);
    assertThat(APRIL.lookup(timeline, "[1970-01-01,9999-01-01)"))
        .containsExactly("[1,3)v1=1", "[3,4)v2=2", "[4,5)v3=3", "[5,6)v4=4");
  }

  @Test
  void t35_anIntervalThatReachesAThousandYearsAhead() {
    Month january = new Month("2011-01");
    var timeline = january.timeline("[1T12,2)v3=3", "[2,3011-01-03)v1=1", "[1,2)v2=2");

    assertThat(january.lookup(timeline, "[1970-01-01,9999-01-01)"))
        .containsExactly("[1,1T12)v2=2", "[1T12,2)v3=3", "[2,3011-01-03)v1=1");
  }

  @Test
  void t36_lookupFarBeforeEverythingIsEmpty() {
    var timeline = APRIL.timeline("[1,9)v1=1");

    assertThat(APRIL.lookup(timeline, "[1970-01-01,1980-01-01)")).isEmpty();
  }

  @Test
  void t37_appendedPartitionsWithLargeNumbersComeInOrder() {
    var timeline = new VersionedIntervalTimeline<String>();
    APRIL.add(timeline, "[1,10)v1", new NumberedChunk<>(Integer.MAX_VALUE, 0, "max"));
    APRIL.add(timeline, "[1,10)v1", new NumberedChunk<>(1, 0, "one"));
    APRIL.add(timeline, "[1,10)v1", new NumberedChunk<>(100_000, 0, "many"));

    assertThat(APRIL.lookup(timeline, "[2T02,4)")).containsExactly("[2T02,4)v1=one+many+max");
  }

  @Test
  void t38_iterationAndSizeIncludeWhatIsHidden() {
    var timeline = APRIL.timeline("[1,10)v1=1", "[1,10)v2=3");

    assertThat(timeline.objects()).containsExactly("1", "3");
    assertThat(timeline.size()).isEqualTo(2);
    assertThat(timeline.isEmpty()).isFalse();
  }
}
