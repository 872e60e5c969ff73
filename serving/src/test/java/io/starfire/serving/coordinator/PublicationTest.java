package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static io.starfire.serving.coordinator.CoordinatorRig.hourly;
import static io.starfire.serving.coordinator.CoordinatorRig.hours;
import static io.starfire.serving.coordinator.CoordinatorRig.request;
import static io.starfire.serving.coordinator.CoordinatorRig.segment;
import static io.starfire.serving.coordinator.CoordinatorRig.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Interval;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
class PublicationTest {
  @Parameter StoreKind storeKind;
  @TempDir Path directory;
  private MetadataLocation metadata;
  private CoordinatorRig rig;

  @BeforeEach
  void start() {
    metadata = storeKind.location(directory);
    rig = new CoordinatorRig(metadata);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private PublicationStatus publish(Interval interval, String version, long events) {
    return rig.publish(interval, version, events);
  }

  /** Case L8. */
  @Test
  void noHourShowsUntilTheLastSegmentIsLoadedAndThenAllShowInOneView() {
    Interval day = hours(0, 24);
    String version = rig.version(day);
    List<SegmentDescriptor> segments = hourly(day, version, 10);
    rig.holder.withhold(segments.get(16).path());
    long before = rig.coordinator.view().number();

    PublicationStatus staged = rig.coordinator.register(request(day, version, segments));
    PublicationStatus waiting = rig.await(staged.id(), status -> status.loadedCount() == 23);
    rig.await(staged.id(), status -> status.reason().contains("damaged"));

    assertThat(waiting.state()).isEqualTo(State.STAGED);
    assertThat(rig.shown(day)).containsOnly("-");
    assertThat(rig.coordinator.view().number()).isEqualTo(before);
    assertThat(rig.coordinator.publication(staged.id()).reason())
        .isEqualTo(
            "23 of 24 segments are loaded; file '%s' is damaged"
                .formatted(segments.get(16).path()));

    rig.holder.give(segments.get(16).path());
    PublicationStatus active = rig.await(staged.id(), status -> status.state() == State.ACTIVE);
    assertThat(active.viewNumber()).isEqualTo(before + 1);
    assertThat(rig.coordinator.view().number()).isEqualTo(before + 1);
    assertThat(rig.shown(day)).hasSize(24).containsOnly(version);
    assertThat(active.reason()).isEmpty();
  }

  /** Case L4. */
  @Test
  void ofTwoRunsThatFinishInTheWrongOrderTheLaterStartWins() {
    Interval interval = hours(10, 12);
    String earlier = rig.version(interval);
    String later = rig.version(interval);
    publish(interval, later, 10);
    PublicationStatus last = publish(interval, earlier, 10);

    assertThat(rig.shown(interval)).containsOnly(later);
    assertThat(last.superseded()).isTrue();
    assertThat(rig.coordinator.publications("ads"))
        .extracting(PublicationStatus::superseded)
        .containsExactly(false, true);
  }

  /** Case L5. */
  @Test
  void aPublicationThatLostACorePartitionIsRefused() {
    String version = rig.version(hour(10));
    PublicationRequest request =
        request(
            hour(10),
            version,
            List.of(segment(hour(10), version, 0, 3, 1), segment(hour(10), version, 2, 3, 1)));

    assertThatThrownBy(() -> rig.coordinator.register(request))
        .hasMessageContaining("lacks the core partitions [1] of 3");
    assertThat(rig.shown(hour(10))).containsOnly("-");
  }

  /** Case L3, at this level. */
  @Test
  void aTombstoneHidesRealtimeRowsWhenThatIsAccepted() {
    rig.commit(hour(10), 0, 100, 100);
    String version = rig.version(hour(10));
    PublicationRequest request = request(hour(10), version, List.of(tombstone(hour(10), version)));
    String id = rig.coordinator.register(request).id();

    rig.await(id, status -> !status.reason().isEmpty());
    assertThat(rig.shown(hour(10))).containsOnly("2026-11-20T10:00:00.000Z");

    assertThat(rig.coordinator.activate(id, true).state()).isEqualTo(State.ACTIVE);
    assertThat(rig.shown(hour(10))).containsOnly(version);
    assertThat(rig.coordinator.view().visibleSegments()).isEmpty();
  }

  /** Case L1: batch hides real-time whichever comes first. */
  @Test
  void aLateRealtimeCommitForAReplacedHourStaysHidden() {
    String version = rig.version(hour(10));
    publish(hour(10), version, 10);
    rig.commit(hour(10), 0, 100, 100);
    assertThat(rig.shown(hour(10))).containsOnly(version);
  }

  @Test
  void aBucketThatHoldsLessThanItHidesKeepsThePublicationStaged() {
    rig.commit(hour(10), 0, 100, 100);
    String version = rig.version(hours(10, 12));
    List<SegmentDescriptor> segments =
        List.of(segment(hour(10), version, 0, 1, 94), segment(hour(11), version, 0, 1, 7));
    String id = rig.coordinator.register(request(hours(10, 12), version, segments)).id();

    PublicationStatus status = rig.await(id, now -> now.reason().contains("would hold"));
    assertThat(status.state()).isEqualTo(State.STAGED);
    assertThat(status.reason())
        .isEqualTo(
            "2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z of 'ads' would hold 94 events where"
                + " 100 show now, which is 6.0% less and more than the 5.0% that is accepted; run"
                + " it again, or accept that with --accept-loss");
    assertThat(rig.shown(hours(10, 12))).containsExactly("2026-11-20T10:00:00.000Z", "-");
  }

  @Test
  void aBucketWithinTheAcceptedLossBecomesActive() {
    rig.commit(hour(10), 0, 100, 100);
    String version = rig.version(hour(10));
    publish(hour(10), version, 95);
    assertThat(rig.shown(hour(10))).containsOnly(version);
  }

  @Test
  void hoursUnderADayAreComparedTogether() {
    Interval day = hours(0, 24);
    String daily = rig.version(day);
    String id =
        rig.coordinator.register(request(day, daily, List.of(segment(day, daily, 0, 1, 240)))).id();
    rig.await(id, status -> status.state() == State.ACTIVE);

    String version = rig.version(day);
    List<SegmentDescriptor> uneven = new ArrayList<>(hourly(day, version, 1));
    uneven.set(3, segment(hour(3), version, 0, 1, 217));
    String uneventful = rig.coordinator.register(request(day, version, uneven)).id();
    rig.await(uneventful, status -> status.state() == State.ACTIVE);
    assertThat(rig.shown(day)).containsOnly(version);
  }

  @Test
  void aHeldPublicationWaitsUntilSomebodyActivatesIt() {
    String version = rig.version(hour(10));
    PublicationStatus held =
        rig.coordinator.register(
            CoordinatorRig.held(request(hour(10), version, hourly(hour(10), version, 5))));
    rig.await(held.id(), status -> status.loadedCount() == 1);
    assertThat(held.held()).isTrue();
    assertThat(rig.shown(hour(10))).containsOnly("-");

    assertThat(rig.coordinator.activate(held.id(), false).state()).isEqualTo(State.ACTIVE);
    assertThat(rig.shown(hour(10))).containsOnly(version);
  }

  @Test
  void anAbortedPublicationNeverBecomesActiveAndItsSegmentsAreDropped() {
    String version = rig.version(hour(10));
    List<SegmentDescriptor> segments = hourly(hour(10), version, 5);
    String id =
        rig.coordinator.register(CoordinatorRig.held(request(hour(10), version, segments))).id();
    rig.await(id, status -> status.loadedCount() == 1);

    assertThat(rig.coordinator.abort(id).state()).isEqualTo(State.ABORTED);
    rig.await(id, status -> status.loadedCount() == 0);
    assertThatThrownBy(() -> rig.coordinator.activate(id, true))
        .hasMessageContaining("was aborted and cannot be activated");
  }

  @Test
  void anActivePublicationCannotBeAborted() {
    String version = rig.version(hour(10));
    String id = publish(hour(10), version, 5).id();
    assertThatThrownBy(() -> rig.coordinator.abort(id))
        .hasMessageContaining("is active since view")
        .hasMessageContaining("cannot be aborted; roll it back instead");
  }

  @Test
  void registeringTheSameAgainGivesTheSamePublication() {
    String version = rig.version(hours(10, 12));
    List<SegmentDescriptor> segments = hourly(hours(10, 12), version, 5);
    String id = rig.coordinator.register(request(hours(10, 12), version, segments)).id();
    rig.await(id, status -> status.state() == State.ACTIVE);
    List<SegmentDescriptor> shuffled = new ArrayList<>(segments);
    Collections.reverse(shuffled);

    PublicationStatus again = rig.coordinator.register(request(hours(10, 12), version, shuffled));
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.state()).isEqualTo(State.ACTIVE);
    assertThat(rig.coordinator.publications(null)).hasSize(1);

    List<SegmentDescriptor> others = hourly(hours(10, 12), version, 6);
    assertThatThrownBy(() -> rig.coordinator.register(request(hours(10, 12), version, others)))
        .hasMessageContaining("is registered already with other segments");
  }

  @Test
  void aBucketWithoutSegmentOrTombstoneIsRefused() {
    String version = rig.version(hours(10, 13));
    List<SegmentDescriptor> segments =
        List.of(segment(hour(10), version, 0, 1, 5), segment(hour(12), version, 0, 1, 5));
    assertThatThrownBy(() -> rig.coordinator.register(request(hours(10, 13), version, segments)))
        .hasMessageContaining(
            "2026-11-20T11:00:00.000Z/2026-11-20T12:00:00.000Z has neither segments nor a"
                + " tombstone");
  }

  @Test
  void overlappingIntervalsOrSegmentsAreRefused() {
    String version = rig.version(hours(10, 13));
    PublicationRequest intervals =
        new PublicationRequest(
            "ads",
            List.of(hours(10, 12), hours(11, 13)),
            version,
            hourly(hours(10, 13), version, 1),
            "plan",
            null,
            null,
            false,
            false);
    assertThatThrownBy(() -> rig.coordinator.register(intervals)).hasMessageContaining("overlap");

    List<SegmentDescriptor> segments = new ArrayList<>(hourly(hours(10, 12), version, 1));
    segments.add(segment(hours(10, 12), version, 0, 1, 1));
    assertThatThrownBy(() -> rig.coordinator.register(request(hours(10, 12), version, segments)))
        .hasMessageContaining("overlaps the one before it");
  }

  @Test
  void aVersionThatWasNotHandedOutIsRefused() {
    String version = "2026-11-20T23:00:00.000Z";
    assertThatThrownBy(
            () ->
                rig.coordinator.register(request(hour(10), version, hourly(hour(10), version, 1))))
        .hasMessageContaining("was not handed out for data source 'ads'");
  }

  @Test
  void aVersionThatWasHandedOutForOtherIntervalsIsRefused() {
    String version = rig.version(hour(10));
    assertThatThrownBy(
            () ->
                rig.coordinator.register(
                    request(hours(10, 12), version, hourly(hours(10, 12), version, 1))))
        .hasMessageContaining(
            "was handed out for [" + hour(10) + "], and not for " + hours(10, 12));
  }

  @Test
  void aSegmentThatIsNotInDeepStorageIsRefused() {
    String version = rig.version(hour(10));
    List<SegmentDescriptor> segments = hourly(hour(10), version, 1);
    rig.missingFiles.add(segments.get(0).path());
    PublicationRequest request = request(hour(10), version, segments);
    assertThatThrownBy(() -> rig.coordinator.register(request))
        .hasMessageContaining(
            "is not in the server's deep storage, /deep/storage, at '%s'; upload all segments there"
                .formatted(segments.get(0).path()));
    assertThatThrownBy(() -> rig.coordinator.register(request.storedIn("hdfs://other/segments")))
        .hasMessageContaining("in the server's deep storage, /deep/storage, at")
        .hasMessageContaining(
            "the run stored it in hdfs://other/segments; set the same starfire.deep-storage.root");
    assertThat(rig.coordinator.publications(null)).isEmpty();
  }

  @Test
  void everythingIsThereAfterARestart() {
    String version = rig.version(hours(10, 12));
    String active = publish(hours(10, 12), version, 5).id();
    String next = rig.version(hours(10, 12));
    String held =
        rig.coordinator
            .register(
                CoordinatorRig.held(request(hours(10, 12), next, hourly(hours(10, 12), next, 5))))
            .id();
    rig.commit(hour(12), 0, 100, 100);
    View before = rig.coordinator.view();
    rig.close();

    rig = new CoordinatorRig(metadata);
    View after = rig.coordinator.view();
    assertThat(after.number()).isEqualTo(before.number());
    assertThat(after.visibleSegments()).isEqualTo(before.visibleSegments());
    assertThat(after.committedOffsets("ads")).containsEntry(0, 100L);
    assertThat(rig.holder.served()).containsAll(after.visibleSegments().keySet());
    assertThat(rig.coordinator.publication(active).state()).isEqualTo(State.ACTIVE);
    assertThat(rig.coordinator.publication(held).held()).isTrue();
  }

  @Test
  void whatAnOlderQueryStillSeesIsNotDropped() {
    String first = rig.version(hour(10));
    publish(hour(10), first, 5);
    ViewReplica.Lease query = rig.replica.acquire();
    SegmentDescriptor old = query.view().visibleSegments().values().iterator().next();

    publish(hour(10), rig.version(hour(10)), 5);
    publish(hour(11), rig.version(hour(11)), 5);
    assertThat(rig.holder.serves(old.id())).isTrue();

    query.close();
    String later = publish(hour(12), rig.version(hour(12)), 5).id();
    rig.await(later, status -> !rig.holder.serves(old.id()));
  }
}
