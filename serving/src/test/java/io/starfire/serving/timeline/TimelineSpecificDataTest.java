package io.starfire.serving.timeline;

import static io.starfire.serving.timeline.Month.APRIL;
import static io.starfire.serving.timeline.Month.MAY;
import static io.starfire.serving.timeline.Month.OCTOBER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps on one fixed timeline: T62 to T77. */
class TimelineSpecificDataTest {
  private VersionedIntervalTimeline<String> timeline;

  // April    |3|           |--3--|        May    |----------4----------|
  //          |-------2-----------|                   |-3-|
  //          |-1-|---1---|                       |------2------|
  //          1   3       6       9               |1|
  @BeforeEach
  void fill() {
    timeline = new VersionedIntervalTimeline<>();
    APRIL.add(timeline, "[1,3)v1=2", "[3,6)v1=3", "[1,9)v2=1", "[6,9)v3=4", "[1,2)v3=5");
    MAY.add(timeline, "[1,2)v1=6", "[1,5)v2=7", "[3,4)v3=8", "[1,10)v4=9");
    OCTOBER.add(timeline, "[1,2)v1=1");
    OCTOBER.add(timeline, "[2,3)v3", range(0, null, "10", "20"));
    OCTOBER.add(timeline, "[2,3)v3", range(1, "10", null, "21"));
    OCTOBER.add(timeline, "[3,4)v3=3", "[4,5)v4=4", "[5,6)v5=5");
  }

  @Test
  void t62_april() {
    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,2)v3=5", "[2,6)v2=1", "[6,9)v3=4");
  }

  @Test
  void t63_removingTheMiddleVersionShowsTheLowerOnes() {
    assertThat(APRIL.remove(timeline, "[1,9)v2")).isEqualTo("1");

    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,2)v3=5", "[2,3)v1=2", "[3,6)v1=3", "[6,9)v3=4");
  }

  @Test
  void t64_removingALowerOneTooLeavesAGap() {
    APRIL.remove(timeline, "[1,9)v2");
    assertThat(APRIL.remove(timeline, "[1,3)v1")).isEqualTo("2");

    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,2)v3=5", "[3,6)v1=3", "[6,9)v3=4");
  }

  @Test
  void t65_lookupClipsTheFirstAndTheLastPiece() {
    APRIL.remove(timeline, "[1,9)v2");

    assertThat(APRIL.lookup(timeline, "[1,5)"))
        .containsExactly("[1,2)v3=5", "[2,3)v1=2", "[3,5)v1=3");
    assertThat(APRIL.lookup(timeline, "[2T18,4T01)"))
        .containsExactly("[2T18,3)v1=2", "[3,4T01)v1=3");
  }

  @Test
  void t66_may() {
    assertThat(MAY.lookup(timeline, "[1,9)")).containsExactly("[1,9)v4=9");
  }

  @Test
  void t67_removingTheTopOfMay() {
    MAY.remove(timeline, "[1,10)v4");

    assertThat(MAY.lookup(timeline, "[1,9)"))
        .containsExactly("[1,3)v2=7", "[3,4)v3=8", "[4,5)v2=7");
  }

  @Test
  void t68_removingTheNextOfMay() {
    MAY.remove(timeline, "[1,10)v4");
    MAY.remove(timeline, "[1,5)v2");

    assertThat(MAY.lookup(timeline, "[1,9)")).containsExactly("[1,2)v1=6", "[3,4)v3=8");
  }

  @Test
  void t69_aDayAddedLastHidesItsHours() {
    Month future = new Month("2999-04");
    future.add(timeline, "[1T01,1T02)v1=1", "[1T02,1T03)v1=2", "[1,2)v2=3");

    assertThat(future.lookup(timeline, "[1T01,1T02)")).containsExactly("[1T01,1T02)v2=3");
  }

  @Test
  void t70_onceTheOvershadowedAreRemovedNothingIsOvershadowed() {
    removeOvershadowed();

    assertThat(timeline.findFullyOvershadowed()).isEmpty();
    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,2)v3=5", "[2,6)v2=1", "[6,9)v3=4");
  }

  @Test
  void t71_aChunkIsFoundByItsIntervalOrAPartOfIt() {
    assertThat(OCTOBER.find(timeline, "[1,2)", "1", 0)).isEqualTo("1");
    assertThat(OCTOBER.find(timeline, "[1,1T10)", "1", 0)).isEqualTo("1");
    assertThat(OCTOBER.find(timeline, "[1T10,2)", "1", 0)).isEqualTo("1");
    assertThat(OCTOBER.find(timeline, "[1T02,1T03)", "1", 0)).isEqualTo("1");
    assertThat(OCTOBER.find(timeline, "[2,3)", "3", 1)).isEqualTo("21");

    assertThat(OCTOBER.find(timeline, "[1,2)", "1", 1)).isNull();
    assertThat(OCTOBER.find(timeline, "[1,2)", "2", 0)).isNull();
    assertThat(OCTOBER.find(timeline, "[1,2T01)", "1", 0)).isNull();
    assertThat(OCTOBER.find(timeline, "[1T23,2T01)", "1", 0)).isNull();
  }

  @Test
  void t72_october() {
    assertThat(OCTOBER.lookup(timeline, "[1,6)"))
        .containsExactly("[1,2)v1=1", "[2,3)v3=20+21", "[3,4)v3=3", "[4,5)v4=4", "[5,6)v5=5");
  }

  @Test
  void t73_aNewIntervalShowsOnlyWhenItsLastPartComes() {
    removeOvershadowed();

    OCTOBER.add(timeline, "[6,7)v6", range(0, null, "10", "60"));
    assertThat(OCTOBER.lookup(timeline, "[5,7)")).containsExactly("[5,6)v5=5");
    assertThat(timeline.findFullyOvershadowed()).isEmpty();

    OCTOBER.add(timeline, "[6,7)v6", range(1, "10", "20", "61"));
    assertThat(OCTOBER.lookup(timeline, "[5,7)")).containsExactly("[5,6)v5=5");
    assertThat(timeline.findFullyOvershadowed()).isEmpty();

    OCTOBER.add(timeline, "[6,7)v6", range(2, "20", null, "62"));
    assertThat(OCTOBER.lookup(timeline, "[5,7)")).containsExactly("[5,6)v5=5", "[6,7)v6=60+61+62");
    assertThat(timeline.findFullyOvershadowed()).isEmpty();
  }

  @Test
  void t74_aHigherVersionOvershadowsOnlyWhenItsLastPartComes() {
    removeOvershadowed();

    OCTOBER.add(timeline, "[5,7)v6", range(0, null, "10", "60"));
    assertThat(timeline.findFullyOvershadowed()).isEmpty();
    OCTOBER.add(timeline, "[5,7)v6", range(1, "10", "20", "61"));
    assertThat(timeline.findFullyOvershadowed()).isEmpty();
    OCTOBER.add(timeline, "[5,7)v6", range(2, "20", null, "62"));
    assertThat(OCTOBER.overshadowed(timeline)).containsExactly("[5,6)v5=5");
  }

  @Test
  void t75_losingAPartBringsBackWhatLiesBeneath() {
    removeOvershadowed();
    OCTOBER.add(timeline, "[5,7)v6", range(0, null, "10", "60"));
    OCTOBER.add(timeline, "[5,7)v6", range(1, "10", "20", "61"));
    OCTOBER.add(timeline, "[5,7)v6", range(2, "20", null, "62"));

    assertThat(OCTOBER.remove(timeline, "[5,7)v6", range(0, null, "10", "?"))).isEqualTo("60");

    assertThat(OCTOBER.lookup(timeline, "[5,7)")).containsExactly("[5,6)v5=5");
    assertThat(timeline.findFullyOvershadowed()).isEmpty();
  }

  @Test
  void t76_aVersionComesGoesAndComesAgain() {
    MAY.add(timeline, "[1,10)v5=10");
    assertThat(MAY.lookup(timeline, "[1,10)")).containsExactly("[1,10)v5=10");

    MAY.remove(timeline, "[1,10)v5");
    assertThat(MAY.lookup(timeline, "[1,10)")).containsExactly("[1,10)v4=9");

    MAY.add(timeline, "[1,10)v5=10");
    assertThat(MAY.lookup(timeline, "[1,10)")).containsExactly("[1,10)v5=10");

    MAY.remove(timeline, "[1,10)v4");
    assertThat(MAY.lookup(timeline, "[1,10)")).containsExactly("[1,10)v5=10");
  }

  @Test
  void t77_removingWhatIsNotThereChangesNothing() {
    int size = timeline.size();

    assertThat(APRIL.remove(timeline, "[1,8)v2")).isNull();
    assertThat(APRIL.remove(timeline, "[1,9)v7")).isNull();
    assertThat(APRIL.remove(timeline, "[1,9)v2", new NumberedChunk<>(1, 1, "?"))).isNull();

    assertThat(timeline.size()).isEqualTo(size);
    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,2)v3=5", "[2,6)v2=1", "[6,9)v3=4");
  }

  private void removeOvershadowed() {
    for (TimelineObject<String> hidden : timeline.findFullyOvershadowed()) {
      for (PartitionChunk<String> chunk : hidden.chunks()) {
        assertThat(timeline.remove(hidden.trueInterval(), hidden.version(), chunk)).contains(chunk);
      }
    }
  }

  private static RangeChunk<String> range(int number, String start, String end, String object) {
    return new RangeChunk<>(
        number, start == null ? null : List.of(start), end == null ? null : List.of(end), object);
  }
}
