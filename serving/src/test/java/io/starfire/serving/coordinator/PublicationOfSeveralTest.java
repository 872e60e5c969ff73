package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The data sources of one run are one publication: all become active in one view, or none. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class PublicationOfSeveralTest {
  private static final Interval HOURS = hours(10, 12);
  private static final List<String> BOTH = List.of("ads", "clicks");

  @Parameter StoreKind storeKind;
  @TempDir Path directory;
  private CoordinatorRig rig;

  @BeforeEach
  void start() {
    rig = new CoordinatorRig(storeKind.location(directory));
    rig.coordinator.register(
        new DataSourceRegistration(CoordinatorRig.schema("clicks", Granularity.HOUR), null));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private PublicationRequest request(long events, long clicks) {
    String version =
        rig.coordinator
            .nextVersion(new VersionRequest(BOTH, List.of(HOURS), HOURS.endMillis()))
            .version();
    List<SegmentDescriptor> segments = new ArrayList<>();
    segments.addAll(hourly("ads", version, events));
    segments.addAll(hourly("clicks", version, clicks));
    return new PublicationRequest(
        BOTH, List.of(HOURS), version, segments, "plan", Map.of(), Map.of(), false, false);
  }

  private static List<SegmentDescriptor> hourly(String dataSource, String version, long events) {
    return Granularity.HOUR.bucketsIn(HOURS).stream()
        .map(
            bucket -> {
              SegmentId id = new SegmentId(dataSource, bucket, version, 0);
              return new SegmentDescriptor(id, 1, false, id.fileName(), 10, events, events);
            })
        .toList();
  }

  /** The versions that a data source shows in a view. */
  private static Set<String> shown(View view, String dataSource) {
    Set<String> versions = new HashSet<>();
    view.lookup(dataSource, HOURS).forEach(piece -> versions.add(piece.version()));
    return versions;
  }

  private Set<String> shown(String dataSource) {
    return shown(rig.coordinator.view(), dataSource);
  }

  private PublicationStatus publish(PublicationRequest request) {
    rig.coordinator.register(request);
    return rig.await(request.id(), status -> status.state() == State.ACTIVE);
  }

  @Test
  void bothBecomeActiveInOneView() {
    PublicationRequest request = request(10, 5);
    PublicationStatus status = publish(request);

    assertThat(status.dataSources()).isEqualTo(BOTH);
    assertThat(shown("ads")).containsExactly(request.version());
    assertThat(shown("clicks")).containsExactly(request.version());
    assertThat(rig.coordinator.publications("clicks")).hasSize(1);
    assertThat(rig.coordinator.publications("ads")).hasSize(1);
  }

  @Test
  void aSegmentOfTheSecondThatCannotBeLoadedLeavesNeitherActive() {
    PublicationRequest request = request(10, 5);
    rig.holder.withhold(request.segmentsOf("clicks").get(1).path());
    rig.coordinator.register(request);

    rig.await(request.id(), status -> status.loadedCount() == 3);
    rig.await(request.id(), status -> status.reason().contains("3 of 4 segments are loaded"));

    assertThat(shown("ads")).isEmpty();
    assertThat(shown("clicks")).isEmpty();
  }

  @Test
  void fewerEventsInTheSecondLeaveNeitherActive() {
    PublicationRequest first = request(10, 100);
    publish(first);
    PublicationRequest second = request(10, 50);
    rig.coordinator.register(second);
    PublicationStatus staged =
        rig.await(second.id(), status -> status.reason().contains("'clicks' would hold"));

    assertThat(staged.state()).isEqualTo(State.STAGED);
    assertThat(shown("ads")).containsExactly(first.version());
    assertThat(shown("clicks")).containsExactly(first.version());

    rig.coordinator.activate(second.id(), true);
    assertThat(shown("ads")).containsExactly(second.version());
    assertThat(shown("clicks")).containsExactly(second.version());
  }

  @Test
  void noViewShowsAMixWhilePublicationsComeAndGo() throws Exception {
    publish(request(10, 5));
    AtomicBoolean stopped = new AtomicBoolean();
    Set<String> mixed = new HashSet<>();
    Thread reader =
        new Thread(
            () -> {
              while (!stopped.get()) {
                try (ViewReplica.Lease lease = rig.replica.acquire()) {
                  if (!shown(lease.view(), "ads").equals(shown(lease.view(), "clicks"))) {
                    mixed.add(lease.view().name());
                  }
                }
              }
            });
    reader.start();
    for (int i = 0; i < 20; i++) {
      PublicationStatus status = publish(request(10, 5));
      if (i % 3 == 0) {
        PublicationStatus unused = rig.coordinator.rollBack(status.id(), false);
      }
    }
    stopped.set(true);
    reader.join();

    assertThat(mixed).isEmpty();
  }

  @Test
  void aRollbackTakesBothBackInOneView() {
    PublicationRequest first = request(10, 5);
    publish(first);
    PublicationRequest second = request(10, 5);
    publish(second);
    long before = rig.coordinator.view().number();

    PublicationStatus status = rig.coordinator.rollBack(second.id(), false);

    assertThat(status.rolledBackViewNumber()).isEqualTo(before + 1);
    assertThat(shown("ads")).containsExactly(first.version());
    assertThat(shown("clicks")).containsExactly(first.version());
  }

  @Test
  void aRollbackThatWouldShowLessOfTheSecondTakesNeitherBack() {
    PublicationRequest first = request(10, 50);
    publish(first);
    PublicationRequest second = request(10, 100);
    publish(second);

    assertThatThrownBy(() -> rig.coordinator.rollBack(second.id(), false))
        .hasMessageContaining("'clicks' would hold 50 events where 100 show now");
    assertThat(shown("ads")).containsExactly(second.version());
    assertThat(shown("clicks")).containsExactly(second.version());
  }

  @Test
  void aBucketThatOneDataSourceLacksIsRefused() {
    PublicationRequest whole = request(10, 5);
    List<SegmentDescriptor> segments = new ArrayList<>(whole.segmentsOf("ads"));
    segments.add(whole.segmentsOf("clicks").get(0));
    PublicationRequest lacking =
        new PublicationRequest(
            BOTH, List.of(HOURS), whole.version(), segments, "p", Map.of(), Map.of(), false, false);

    assertThatThrownBy(() -> rig.coordinator.register(lacking))
        .hasMessageContaining("neither segments nor a tombstone of data source 'clicks'");
    assertThat(rig.coordinator.publications(null)).isEmpty();
  }

  @Test
  void theSameAgainChangesNothingEvenWhenItIsActive() {
    PublicationRequest request = request(10, 5);
    PublicationStatus active = publish(request);
    assertThat(rig.coordinator.register(request)).isEqualTo(active);
  }

  @Test
  void anEarlierViewShowsBothAsTheyWere() {
    rig.close();
    rig =
        new CoordinatorRig(
            storeKind.location(directory.resolve("kept")),
            InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z")),
            new KeptViews(5, Duration.ofDays(1)));
    rig.coordinator.register(
        new DataSourceRegistration(CoordinatorRig.schema("clicks", Granularity.HOUR), null));
    PublicationRequest first = request(10, 5);
    publish(first);
    long earlier = rig.coordinator.view().number();
    publish(request(10, 5));

    for (String dataSource : BOTH) {
      try (ViewReplica.Lease lease = rig.replica.acquireEarlier(dataSource, earlier)) {
        assertThat(shown(lease.view(), dataSource)).containsExactly(first.version());
      }
    }
  }
}
