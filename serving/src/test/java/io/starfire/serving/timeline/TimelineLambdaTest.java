package io.starfire.serving.timeline;

import static io.starfire.serving.timeline.Month.APRIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stream and batch over each other: L1 to L5 and L10, and what live rows need. */
class TimelineLambdaTest {
  private static final Interval DAY = APRIL.interval("[4,5)");

  //   |---|        batch: allotted when the job started, after the hour
  //   |---|        real-time: the hour's start
  @Test
  void l1_batchHidesRealTimeWhicheverComesFirst() {
    Interval hour = APRIL.interval("[4T10,4T11)");
    TimelineAddition<String> realtime =
        new TimelineAddition<>(hour, realtimeVersion(hour), new NumberedChunk<>(0, 0, "rt"));
    TimelineAddition<String> batch =
        new TimelineAddition<>(hour, batchVersion(hour), new NumberedChunk<>(0, 1, "batch"));

    for (List<TimelineAddition<String>> order :
        List.of(List.of(realtime, batch), List.of(batch, realtime))) {
      var timeline = new VersionedIntervalTimeline<String>();
      order.forEach(a -> timeline.add(a.interval(), a.version(), a.chunk()));
      assertThat(timeline.lookup(hour))
          .flatExtracting(TimelineObject::objects)
          .containsExactly("batch");
    }
  }

  //      |B|
  // |-----------R-----------|
  @Test
  void l2_anHourOfBatchHidesOnlyThatHourOfARealTimeDay() {
    var timeline = new VersionedIntervalTimeline<String>();
    Interval hour = APRIL.interval("[4T10,4T11)");
    timeline.add(DAY, realtimeVersion(DAY), new NumberedChunk<>(0, 0, "rt"));
    timeline.add(hour, batchVersion(DAY), new NumberedChunk<>(0, 1, "batch"));

    assertThat(timeline.lookup(DAY))
        .extracting(TimelineObject::interval)
        .containsExactly(
            APRIL.interval("[4,4T10)"), APRIL.interval("[4T10,4T11)"), APRIL.interval("[4T11,5)"));
    assertThat(timeline.lookup(DAY))
        .flatExtracting(TimelineObject::objects)
        .containsExactly("rt", "batch", "rt");
  }

  //      |-----B-----|
  // |R|R|R|R|R|R|R|R|R|R|R|
  @Test
  void l2_aDayOfBatchHidesTheRealTimeHoursInIt() {
    var timeline = new VersionedIntervalTimeline<String>();
    for (Interval hour : Granularity.HOUR.bucketsIn(APRIL.interval("[3,6)"))) {
      timeline.add(hour, realtimeVersion(hour), new NumberedChunk<>(0, 0, "rt"));
    }
    timeline.add(DAY, batchVersion(DAY), new NumberedChunk<>(0, 1, "batch"));

    List<TimelineObject<String>> pieces = timeline.lookup(APRIL.interval("[3,6)"));

    assertThat(pieces).hasSize(24 + 1 + 24);
    assertThat(pieces.get(24).objects()).containsExactly("batch");
    assertThat(pieces.get(24).interval()).isEqualTo(DAY);
    assertThat(timeline.findFullyOvershadowed()).hasSize(24);
  }

  @Test
  void l3_aTombstoneHidesRealTimeRowsAndHasNone() {
    var coordinator = new VersionedIntervalTimeline<String>();
    var broker = new VersionedIntervalTimeline<String>(true);
    for (var timeline : List.of(coordinator, broker)) {
      timeline.add(DAY, realtimeVersion(DAY), new NumberedChunk<>(0, 0, "rt"));
      timeline.add(DAY, batchVersion(DAY), new TombstoneChunk<>("empty"));
    }

    assertThat(broker.lookup(DAY)).isEmpty();
    assertThat(broker.visibleParts(DAY, realtimeVersion(DAY))).isEmpty();
    assertThat(coordinator.lookup(DAY)).singleElement().matches(piece -> !piece.hasData());
  }

  @Test
  void l4_theRunThatStartedLaterWinsWhicheverEndsLast() {
    var timeline = APRIL.timeline("[1,9)v5=started later", "[1,9)v4=ended later");

    assertThat(APRIL.lookup(timeline, "[1,9)")).containsExactly("[1,9)v5=started later");
  }

  @Test
  void l5_aRunThatLostACorePartitionIsNeverVisible() {
    var timeline = APRIL.timeline("[1,9)v1=before");
    APRIL.add(timeline, "[1,9)v2", new NumberedChunk<>(0, 3, "part 0"));
    APRIL.add(timeline, "[1,9)v2", new NumberedChunk<>(2, 3, "part 2"));
    APRIL.add(timeline, "[1,9)v2", new NumberedChunk<>(3, 3, "extra"));

    assertThat(APRIL.lookup(timeline, "[1,9)")).containsExactly("[1,9)v1=before");
    assertThat(APRIL.visibleParts(timeline, "[1,9)", "1")).containsExactly("[1,9)");
    assertThat(APRIL.isOvershadowed(timeline, "[1,9)", "1")).isFalse();

    APRIL.add(timeline, "[1,9)v2", new NumberedChunk<>(1, 3, "part 1"));
    assertThat(APRIL.lookup(timeline, "[1,9)"))
        .containsExactly("[1,9)v2=part 0+part 1+part 2+extra");
  }

  //        |-----------3-----------|   a day, later
  // |--2--|--2--|--2--|                hours, earlier
  @Test
  void l10_aDayNeverShowsHoursOfAnEarlierVersionInside() {
    var timeline = APRIL.timeline("[4,5)v3=day");
    for (int hour = 0; hour < 10; hour++) {
      APRIL.add(timeline, "[4T0%d,4T%02d)v2=hour".formatted(hour, hour + 1));
    }

    assertThat(APRIL.lookup(timeline, "[4,5)")).containsExactly("[4,5)v3=day");
    assertThatThrownBy(() -> APRIL.add(timeline, "[4T05,4T06)v3=hour of the same run"))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("overlaps");
  }

  //        |2|      |?|     |--3--|
  // |----------------1----------------|
  @Test
  void liveRowsShowWhereNoCompleteHigherVersionIs() {
    var timeline = APRIL.timeline("[3,4)v2=a", "[10,12)v3=b", "[12,13)v1=same");
    APRIL.add(timeline, "[6,7)v2", new NumberedChunk<>(0, 2, "incomplete"));

    assertThat(APRIL.visibleParts(timeline, "[1,20)", "1"))
        .containsExactly("[1,3)", "[4,10)", "[12,20)");
    assertThat(APRIL.visibleParts(timeline, "[3,4)", "1")).isEmpty();
    assertThat(APRIL.visibleParts(timeline, "[3,4)", "2")).containsExactly("[3,4)");
    assertThat(APRIL.visibleParts(timeline, "[3,3)", "1")).isEmpty();
    assertThat(APRIL.visibleParts(timeline, "[3,11)", "2")).containsExactly("[3,10)");
  }

  @Test
  void aCopyDoesNotChangeWithItsOriginal() {
    var timeline = APRIL.timeline("[1,9)v1=1");
    var copy = timeline.copy();

    APRIL.add(timeline, "[2,5)v2=2");
    APRIL.remove(timeline, "[1,9)v1");

    assertThat(APRIL.lookup(copy, "[1,9)")).containsExactly("[1,9)v1=1");
    assertThat(copy.size()).isEqualTo(1);
    assertThat(APRIL.lookup(timeline, "[1,9)")).containsExactly("[2,5)v2=2");
  }

  @Test
  void addingManyIsAllOrNothing() {
    var timeline = APRIL.timeline("[1,9)v1=1");
    List<TimelineAddition<String>> additions =
        List.of(
            new TimelineAddition<>(APRIL.interval("[1,9)"), "2", new NumberedChunk<>(0, 1, "2")),
            new TimelineAddition<>(APRIL.interval("[3,12)"), "2", new NumberedChunk<>(0, 1, "3")));

    assertThatThrownBy(() -> timeline.addAll(additions)).hasMessageContaining("overlaps");

    assertThat(APRIL.lookup(timeline, "[1,20)")).containsExactly("[1,9)v1=1");
    assertThat(timeline.size()).isEqualTo(1);
  }

  @Test
  void anEmptyIntervalIsRefused() {
    assertThatThrownBy(() -> APRIL.timeline("[3,3)v1=1"))
        .hasMessageContaining("a segment covers at least a millisecond");
  }

  private static String realtimeVersion(Interval bucket) {
    return Times.format(bucket.startMillis());
  }

  private static String batchVersion(Interval run) {
    return Times.format(run.endMillis() + 60_000);
  }
}
