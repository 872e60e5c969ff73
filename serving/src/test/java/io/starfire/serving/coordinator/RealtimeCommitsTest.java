package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static io.starfire.serving.coordinator.CoordinatorRig.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.DataSourceTable;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
class RealtimeCommitsTest {
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

  @Test
  void aCommitShowsItsSegmentsAndTheNewOffsetInOneView() {
    CommitOutcome outcome = rig.commit(hour(10), 0, 100, 80);

    assertThat(outcome.committed()).isTrue();
    assertThat(outcome.committedOffset()).isEqualTo(100);
    View view = rig.coordinator.view();
    assertThat(view.number()).isEqualTo(outcome.viewNumber());
    assertThat(view.committedOffsets("ads")).containsEntry(0, 100L);
    assertThat(view.visibleSegments().values()).containsExactlyElementsOf(outcome.segments());
    assertThat(rig.coordinator.realtime().committedOffsets("ads", CoordinatorRig.TOPIC))
        .containsEntry(0, 100L);
    assertThat(rig.coordinator.realtime().beginReading("ads", CoordinatorRig.TOPIC, "another"))
        .isEqualTo(CoordinatorRig.TOPIC_ID);
  }

  @Test
  void aCommitThatDoesNotStartAtTheCommittedOffsetChangesNothing() {
    rig.commit(hour(10), 0, 100, 80);
    View before = rig.coordinator.view();

    CommitOutcome behind = rig.commit(hour(10), 0, 120, 90);
    CommitOutcome ahead = rig.commit(hour(10), 101, 120, 19);

    assertThat(behind).isEqualTo(new CommitOutcome(false, 100, List.of(), 0));
    assertThat(ahead).isEqualTo(behind);
    assertThat(rig.coordinator.view()).isSameAs(before);
  }

  @Test
  void segmentsOfOneHourGetTheNextPartitionNumbers() {
    rig.commit(hour(10), 0, 100, 80);
    rig.commit(hour(10), 100, 200, 80);
    CommitOutcome other = rig.commit(hour(11), 200, 300, 80);
    CommitOutcome third = rig.commit(hour(10), 300, 400, 80);

    assertThat(third.segments())
        .extracting(segment -> segment.id().toString())
        .containsExactly(
            "ads_2026-11-20T10:00:00.000Z_2026-11-20T11:00:00.000Z_2026-11-20T10:00:00.000Z_2");
    assertThat(other.segments())
        .extracting(segment -> segment.id().partition(), SegmentDescriptor::corePartitions)
        .containsExactly(tuple(0, 0));
    assertThat(rig.coordinator.view().lookup("ads", hours(10, 12)))
        .extracting(piece -> piece.chunks().size())
        .containsExactly(3, 1);
  }

  @Test
  void aDamagedFileRefusesTheCommitWhileTheNodeStillHasTheRows() {
    rig.holder.withhold("rt-0");
    assertThatThrownBy(() -> rig.commit(hour(10), 0, 100, 80)).hasMessage("file 'rt-0' is damaged");
    assertThat(rig.coordinator.realtime().committedOffsets("ads", CoordinatorRig.TOPIC)).isEmpty();
    assertThat(rig.coordinator.view().visibleSegments()).isEmpty();
  }

  @Test
  void aNodeHearsThatItsRangeIsCommittedOnlyWhenTheViewShowsItWhateverElseIsBeingLoaded()
      throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch loads = new CountDownLatch(1);
    rig.holder.beforeLoad(
        segment -> {
          if (!segment.path().startsWith("rt-")) {
            loading.countDown();
            awaitUninterruptibly(loads);
          }
        });
    String version = rig.version(hour(9));
    rig.coordinator.register(
        CoordinatorRig.request(hour(9), version, CoordinatorRig.hourly(hour(9), version, 5)));
    loading.await();
    SegmentDescriptor stored = storeWithoutAnswer(hour(10), 0, 100);

    CommitOutcome again = rig.commit(hour(10), 0, 100, 80);

    assertThat(again).isEqualTo(new CommitOutcome(false, 100, List.of(), 0));
    View view = rig.coordinator.view();
    assertThat(view.committedOffsets("ads")).containsEntry(0, 100L);
    assertThat(view.visibleSegments().values()).containsExactly(stored);
    await().until(() -> rig.holder.serves(stored.id()));
    loads.countDown();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a commit that is stored, and of which the coordinator has not heard. */
  private SegmentDescriptor storeWithoutAnswer(Interval bucket, long start, long end) {
    SegmentDescriptor segment =
        new SegmentDescriptor(
            new SegmentId("ads", bucket, Times.format(bucket.startMillis()), 0),
            0,
            false,
            "rt-" + start,
            10,
            80,
            80);
    return rig.store.write(
        transaction -> {
          transaction.segments().add(segment, null);
          transaction
              .realtimeOffsets()
              .put(
                  new RealtimeCommit(
                      "ads",
                      CoordinatorRig.TOPIC,
                      CoordinatorRig.TOPIC_ID,
                      0,
                      start,
                      end,
                      List.of()));
          transaction.nextViewNumber();
          return segment;
        });
  }

  @Test
  void aTopicThatWasMadeAgainIsRefused() {
    rig.commit(hour(10), 0, 100, 80);
    RealtimeCommit again =
        new RealtimeCommit("ads", CoordinatorRig.TOPIC, "topic-id-2", 0, 100, 200, List.of());
    assertThatThrownBy(() -> rig.coordinator.realtime().commit(again))
        .hasMessage(
            "data source 'ads' is read from topic 'ads' with id topic-id-1, so offsets of the topic"
                + " with id topic-id-2 mean other rows");
  }

  @Test
  void aSegmentThatIsNotOneBucketIsRefused() {
    RealtimeCommit commit =
        new RealtimeCommit(
            "ads",
            CoordinatorRig.TOPIC,
            CoordinatorRig.TOPIC_ID,
            0,
            0,
            1,
            List.of(new PushedSegment(hours(10, 12), "rt", 1, 1, 1)));
    assertThatThrownBy(() -> rig.coordinator.realtime().commit(commit))
        .hasMessageContaining("which is not one hour of data source 'ads'");
  }

  @Test
  void handedOffWaitsForQueriesOnOlderViews() {
    ViewReplica.Lease query = rig.replica.acquire();
    CommitOutcome outcome = rig.commit(hour(10), 0, 100, 80);
    CompletableFuture<Void> handedOff = rig.coordinator.realtime().whenHandedOff(outcome);
    assertThat(handedOff).isNotDone();
    query.close();
    assertThat(handedOff).succeedsWithin(Duration.ofSeconds(30));
    assertThat(rig.coordinator.realtime().whenHandedOff(outcome)).isCompleted();
  }

  @Test
  void handedOffWaitsUntilTheSegmentsAreServedAndSaysSoWhenTheCoordinatorGoesAway() {
    CommitOutcome outcome = rig.commit(hour(10), 0, 100, 80);
    CommitOutcome next = rig.commit(hour(11), 100, 200, 80);
    rig.holder.withhold("rt-0");
    rig.holder.withhold("rt-100");
    outcome.segments().forEach(segment -> rig.holder.drop(segment.id()));
    next.segments().forEach(segment -> rig.holder.drop(segment.id()));
    CompletableFuture<Void> handedOff = rig.coordinator.realtime().whenHandedOff(outcome);
    CompletableFuture<Void> notYet = rig.coordinator.realtime().whenHandedOff(next);
    assertThat(handedOff).isNotDone();

    rig.holder.give("rt-0");
    assertThat(handedOff).succeedsWithin(Duration.ofSeconds(30));
    assertThat(notYet).isNotDone();
    rig.coordinator.close();
    assertThat(notYet)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("the coordinator is being stopped; ask the next one");
  }

  @Test
  void theSegmentGranularityIsFixedOnceThereIsData() {
    DataSourceRegistration daily =
        new DataSourceRegistration(
            CoordinatorRig.schema("ads", Granularity.DAY), CoordinatorRig.TOPIC);
    rig.commit(hour(10), 0, 100, 80);
    assertThatThrownBy(() -> rig.coordinator.register(daily))
        .hasMessageContaining(
            "has real-time data in segments of one hour, so its segmentGranularity cannot become"
                + " day");
  }

  @Test
  void anOlderSchemaIsFoundByItsFingerprint() {
    DataSourceSchema first = rig.coordinator.dataSources().get(0).schema();
    DataSourceSchema wider =
        new DataSourceSchema(
            first.name(),
            first.dimensions(),
            List.of(
                new MetricSpec("count", MetricSpec.Aggregation.COUNT),
                new MetricSpec("clicks", MetricSpec.Aggregation.LONG_SUM)),
            first.segmentGranularity(),
            first.queryGranularity(),
            first.rollup());
    DataSourceRegistration changed = new DataSourceRegistration(wider, CoordinatorRig.TOPIC);
    rig.coordinator.register(changed);

    assertThat(rig.coordinator.schema("ads", DataSourceTable.fingerprint(first))).isEqualTo(first);
    assertThat(rig.coordinator.dataSources()).containsExactly(changed);
    assertThatThrownBy(() -> rig.coordinator.schema("ads", "beef"))
        .hasMessage("data source 'ads' never had a schema with fingerprint 'beef'");
  }
}
