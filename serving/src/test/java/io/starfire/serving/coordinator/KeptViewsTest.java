package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static io.starfire.serving.coordinator.CoordinatorRig.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentId;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.StoreKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which earlier views are kept, and that their segments stay loaded for as long. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class KeptViewsTest {
  @Parameter StoreKind storeKind;
  @TempDir Path directory;
  private MetadataLocation metadata;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T00:00:00Z"));
  private CoordinatorRig rig;

  @BeforeEach
  void start() {
    metadata = storeKind.location(directory);
    rig = new CoordinatorRig(metadata, now::get, new KeptViews(2, Duration.ofHours(1)));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private String publish() {
    String version = rig.version(hour(10));
    rig.publish(hour(10), version, 10);
    return version;
  }

  private static SegmentId id(String version) {
    return segment(hour(10), version, 0, 1, 10).id();
  }

  private long view() {
    return rig.coordinator.view().number();
  }

  private String shownAt(long view) {
    try (ViewReplica.Lease lease = rig.replica.acquireEarlier("ads", view)) {
      return lease.view().lookup("ads", hour(10)).get(0).version();
    }
  }

  private void awaitDropped(SegmentId segment) {
    String any = rig.coordinator.publications("ads").get(0).id();
    rig.await(any, status -> !rig.holder.serves(segment));
  }

  @Test
  void viewsAreKeptBehindTheLastActivationsAndTheirSegmentsStayLoaded() {
    String first = publish();
    long firstView = view();
    String second = publish();
    long secondView = view();
    String third = publish();

    assertThat(shownAt(firstView)).isEqualTo(first);
    assertThat(shownAt(secondView)).isEqualTo(second);
    assertThat(rig.holder.served()).contains(id(first), id(second), id(third));

    publish();
    awaitDropped(id(first));
    assertThat(shownAt(secondView)).isEqualTo(second);
    assertThat(rig.holder.served()).contains(id(second), id(third));
    assertThatThrownBy(() -> shownAt(firstView))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith(
            "view %d of data source 'ads' is no longer kept; views from %d to %d are"
                .formatted(firstView, secondView, view()));
  }

  @Test
  void aViewIsKeptForATimeAfterItWasReplaced() {
    String first = publish();
    long firstView = view();
    publish();
    now.set(now.get().plus(Duration.ofMinutes(60)));
    assertThat(shownAt(firstView)).isEqualTo(first);
    assertThat(rig.holder.serves(id(first))).isTrue();

    now.set(now.get().plusMillis(1));
    assertThatThrownBy(() -> shownAt(firstView)).hasMessageContaining("is no longer kept");
    awaitDropped(id(first));
  }

  @Test
  void realtimeCommitsAndOtherDataSourcesDoNotUseUpWhatIsKept() {
    String first = publish();
    long firstView = view();
    publish();
    for (int i = 0; i < 10; i++) {
      rig.commit(hour(12), i, i + 1L, 1);
    }
    assertThat(shownAt(firstView)).isEqualTo(first);
    assertThat(shownAt(firstView + 1)).isNotEqualTo(first);
  }

  @Test
  void aQueryOnAnEarlierViewKeepsItsSegmentsToItsEnd() {
    String first = publish();
    long firstView = view();
    publish();
    ViewReplica.Lease query = rig.replica.acquireEarlier("ads", firstView);
    publish();
    publish();
    assertThat(query.view().visibleSegments()).containsKey(id(first));
    assertThat(rig.holder.serves(id(first))).isTrue();
    query.close();
    awaitDropped(id(first));
  }
}
