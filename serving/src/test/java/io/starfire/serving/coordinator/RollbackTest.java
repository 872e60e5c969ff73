package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static io.starfire.serving.coordinator.CoordinatorRig.hourly;
import static io.starfire.serving.coordinator.CoordinatorRig.hours;
import static io.starfire.serving.coordinator.CoordinatorRig.request;
import static io.starfire.serving.coordinator.CoordinatorRig.segment;
import static io.starfire.serving.coordinator.CoordinatorRig.tombstone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
class RollbackTest {
  private static final String REALTIME_10 = "2026-11-20T10:00:00.000Z";
  private static final String REALTIME_11 = "2026-11-20T11:00:00.000Z";
  private static final String REALTIME_12 = "2026-11-20T12:00:00.000Z";

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

  private void awaitDropped(Set<SegmentId> segments) {
    String any = rig.coordinator.publications("ads").get(0).id();
    rig.await(any, status -> segments.stream().noneMatch(rig.holder::serves));
  }

  /**
   * Case L11.
   *
   * <pre>
   *   later             |-----11-----|-----12-----|
   *   earlier  |--10----|-----11-----|
   *   stream   |--10----|-----11-----|-----12-----|
   * </pre>
   */
  @Test
  void whenTheLaterOfTwoOverlappingPublicationsIsRolledBackTheEarlierShowsWhereItDidInOneView() {
    rig.commit(hour(10), 0, 10, 10);
    rig.commit(hour(11), 10, 20, 10);
    rig.commit(hour(12), 20, 30, 10);
    Interval all = hours(10, 13);
    String earlier = rig.version(hours(10, 12));
    rig.publish(hours(10, 12), earlier, 10);
    List<String> before = rig.shown(all);
    Set<SegmentId> hiddenLater =
        Set.of(
            segment(hour(11), earlier, 0, 1, 10).id(),
            segment(hour(12), REALTIME_12, 0, 0, 10).id());
    assertThat(rig.holder.served()).containsAll(hiddenLater);
    String later = rig.version(hours(11, 13));
    String id = rig.publish(hours(11, 13), later, 10).id();
    assertThat(rig.shown(all)).containsExactly(earlier, later, later);
    awaitDropped(hiddenLater);
    long view = rig.coordinator.view().number();

    PublicationStatus status = rig.coordinator.rollBack(id, false);

    assertThat(status.state()).isEqualTo(State.ROLLED_BACK);
    assertThat(status.rolledBackViewNumber()).isEqualTo(view + 1);
    assertThat(status.rolledBackAtMillis()).isPositive();
    assertThat(rig.coordinator.view().number()).isEqualTo(view + 1);
    assertThat(rig.shown(all)).isEqualTo(before).containsExactly(earlier, earlier, REALTIME_12);
    assertThat(rig.holder.served()).containsAll(rig.coordinator.view().visibleSegments().keySet());
  }

  /** The other half of L11. */
  @Test
  void aRollbackIsRefusedIfASegmentThatWouldShowAgainIsGone() {
    String earlier = rig.version(hours(10, 12));
    rig.publish(hours(10, 12), earlier, 10);
    String later = rig.version(hours(11, 13));
    String id = rig.publish(hours(11, 13), later, 10).id();
    SegmentDescriptor gone = segment(hour(11), earlier, 0, 1, 10);
    rig.missingFiles.add(gone.path());
    View before = rig.coordinator.view();

    assertThatThrownBy(() -> rig.coordinator.rollBack(id, true))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessage(
            "publication %s is not rolled back: segment %s would show again, but is no longer in deep storage ('%s'); publish a later run over %s instead"
                .formatted(id, gone.id(), gone.path(), hour(11)));

    assertThat(rig.coordinator.view()).isSameAs(before);
    assertThat(rig.coordinator.publication(id).state()).isEqualTo(State.ACTIVE);
    rig.missingFiles.clear();
    assertThat(rig.coordinator.rollBack(id, true).state()).isEqualTo(State.ROLLED_BACK);
    assertThat(rig.shown(hours(10, 13))).containsExactly(earlier, earlier, "-");
  }

  @Test
  void aRollbackIsRefusedIfASegmentThatWouldShowAgainCannotBeLoaded() {
    rig.commit(hour(10), 0, 10, 10);
    String id = rig.publish(hour(10), rig.version(hour(10)), 10).id();
    SegmentId realtime = segment(hour(10), REALTIME_10, 0, 0, 10).id();
    awaitDropped(Set.of(realtime));
    rig.holder.withhold("rt-0");

    assertThatThrownBy(() -> rig.coordinator.rollBack(id, false))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessage(
            "publication %s is not rolled back: segment %s would show again, but cannot be loaded: file 'rt-0' is damaged"
                .formatted(id, realtime));
    assertThat(rig.coordinator.publication(id).state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aRollbackToTheRealtimeVersionShowsItsRowsAgainLateOnesToo() {
    rig.commit(hour(10), 0, 100, 100);
    String id = rig.publish(hours(10, 12), rig.version(hours(10, 12)), 100).id();
    rig.commit(hour(10), 100, 103, 3);
    rig.commit(hour(11), 103, 203, 100);

    rig.coordinator.rollBack(id, false);

    assertThat(rig.shown(hours(10, 12))).containsExactly(REALTIME_10, REALTIME_11);
    assertThat(rig.coordinator.view().visibleSegments().values())
        .extracting(SegmentDescriptor::eventCount)
        .containsExactlyInAnyOrder(100L, 3L, 100L);
  }

  @Test
  void aRollbackToFewerEventsIsRefusedUnlessThatIsAccepted() {
    rig.commit(hour(10), 0, 94, 94);
    String version = rig.version(hours(10, 12));
    String id = rig.publish(hours(10, 12), version, 100).id();

    assertThatThrownBy(() -> rig.coordinator.rollBack(id, false))
        .hasMessage(
            "publication "
                + id
                + " is not rolled back: 2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z of 'ads'"
                + " would hold 94 events where 100 show now, which is 6.0% less and more than the"
                + " 5.0% that is accepted; accept that with --accept-loss, or publish a later run"
                + " instead");
    assertThat(rig.shown(hours(10, 12))).containsOnly(version);

    assertThat(rig.coordinator.rollBack(id, true).state()).isEqualTo(State.ROLLED_BACK);
    assertThat(rig.shown(hours(10, 12))).containsExactly(REALTIME_10, "-");
  }

  @Test
  void aRollbackWithinTheAcceptedLossIsDone() {
    rig.commit(hour(10), 0, 95, 95);
    String id = rig.publish(hour(10), rig.version(hour(10)), 100).id();
    assertThat(rig.coordinator.rollBack(id, false).state()).isEqualTo(State.ROLLED_BACK);
  }

  @Test
  void hoursOverADayAreComparedTogether() {
    Interval day = hours(0, 24);
    String daily = rig.version(day);
    String below =
        rig.coordinator.register(request(day, daily, List.of(segment(day, daily, 0, 1, 24)))).id();
    rig.await(below, status -> status.state() == State.ACTIVE);
    String version = rig.version(day);
    List<SegmentDescriptor> uneven = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      uneven.add(hour == 5 ? segment(hour(5), version, 0, 1, 24) : tombstone(hour(hour), version));
    }
    String id = rig.coordinator.register(request(day, version, uneven)).id();
    rig.await(id, status -> status.state() == State.ACTIVE);

    rig.coordinator.rollBack(id, false);
    assertThat(rig.shown(day)).containsOnly(daily);
  }

  @Test
  void rollingBackAgainIsHarmless() {
    rig.commit(hour(10), 0, 10, 10);
    String id = rig.publish(hour(10), rig.version(hour(10)), 10).id();
    assertThat(rig.coordinator.rollBack(id, false).state()).isEqualTo(State.ROLLED_BACK);
    // Until what does not show any more is dropped, the status counts it as loaded.
    PublicationStatus first = rig.await(id, status -> status.loadedCount() == 0);
    rig.missingFiles.add("rt-0");
    assertThat(rig.coordinator.rollBack(id, false).rolledBackViewNumber())
        .isEqualTo(first.rolledBackViewNumber());
    assertThat(rig.coordinator.view().number()).isEqualTo(first.rolledBackViewNumber());
  }

  @Test
  void aSupersededPublicationThatIsRolledBackDoesNotComeBackWhenTheLaterOneGoes() {
    rig.commit(hour(10), 0, 10, 10);
    String earlier = rig.publish(hour(10), rig.version(hour(10)), 10).id();
    String laterVersion = rig.version(hour(10));
    String later = rig.publish(hour(10), laterVersion, 10).id();

    assertThat(rig.coordinator.rollBack(earlier, false).superseded()).isFalse();
    assertThat(rig.shown(hour(10))).containsOnly(laterVersion);
    rig.coordinator.rollBack(later, false);
    assertThat(rig.shown(hour(10))).containsOnly(REALTIME_10);
  }

  @Test
  void anEmptyBucketShowsAgainAsEmpty() {
    rig.commit(hour(10), 0, 10, 10);
    String empty = rig.version(hour(10));
    String tombstones =
        rig.coordinator
            .register(request(hour(10), empty, List.of(tombstone(hour(10), empty))))
            .id();
    rig.coordinator.activate(tombstones, true);
    String id = rig.publish(hour(10), rig.version(hour(10)), 10).id();

    rig.coordinator.rollBack(id, true);
    assertThat(rig.shown(hour(10))).containsOnly(empty);
    assertThat(rig.coordinator.view().visibleSegments()).isEmpty();
  }

  @Test
  void whatWasRolledBackCanNeitherBeActivatedNorAbortedAndALaterRunReplacesIt() {
    String version = rig.version(hour(10));
    String id = rig.publish(hour(10), version, 10).id();
    PublicationStatus status = rig.coordinator.rollBack(id, true);

    assertThatThrownBy(() -> rig.coordinator.activate(id, true))
        .hasMessageContaining("was rolled back in view " + status.rolledBackViewNumber())
        .hasMessageContaining("cannot be activated again; run the batch job again");
    assertThatThrownBy(() -> rig.coordinator.abort(id))
        .hasMessageContaining("so there is nothing to abort");
    assertThat(
            rig.coordinator
                .register(request(hour(10), version, hourly(hour(10), version, 10)))
                .state())
        .isEqualTo(State.ROLLED_BACK);

    String next = rig.version(hour(10));
    rig.publish(hour(10), next, 10);
    assertThat(rig.shown(hour(10))).containsOnly(next);
  }

  @Test
  void onlyAnActivePublicationCanBeRolledBack() {
    String version = rig.version(hour(10));
    String id =
        rig.coordinator
            .register(CoordinatorRig.held(request(hour(10), version, hourly(hour(10), version, 5))))
            .id();
    assertThatThrownBy(() -> rig.coordinator.rollBack(id, false))
        .hasMessageContaining("is staged and shows nowhere")
        .hasMessageContaining("abort it instead");
    rig.coordinator.abort(id);
    assertThatThrownBy(() -> rig.coordinator.rollBack(id, false))
        .hasMessageContaining("was aborted before it was active");
    assertThatThrownBy(() -> rig.coordinator.rollBack("nope", false))
        .hasMessageContaining("there is no publication 'nope'");
  }

  @Test
  void aRollbackIsThereAfterARestart() {
    rig.commit(hour(10), 0, 10, 10);
    String id = rig.publish(hour(10), rig.version(hour(10)), 10).id();
    PublicationStatus status = rig.coordinator.rollBack(id, false);
    rig.close();

    rig = new CoordinatorRig(metadata);
    assertThat(rig.shown(hour(10))).containsOnly(REALTIME_10);
    assertThat(rig.coordinator.publication(id))
        .usingRecursiveComparison()
        .ignoringFields("loadedCount")
        .isEqualTo(status);
  }
}
