package io.starfire.serving.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.StoredFiles;
import io.starfire.serving.Waiting;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.role.LocalRows;
import io.starfire.serving.view.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A coordinator over a real metadata store, with a historical that a test controls. */
final class CoordinatorRig implements AutoCloseable {
  static final String TOPIC = "ads";
  static final String TOPIC_ID = "topic-id-1";

  final FakeHolder holder = new FakeHolder();
  final Set<String> missingFiles = ConcurrentHashMap.newKeySet();
  final MetadataStore store;
  final Coordinator coordinator;

  /** What a broker has of the views. */
  final ViewReplica replica;

  CoordinatorRig(MetadataLocation metadata) {
    this(MetadataStore.open(metadata));
  }

  /** Over a store that the rig closes. */
  CoordinatorRig(MetadataStore store) {
    this(store, InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z")), KeptViews.NONE);
  }

  CoordinatorRig(MetadataLocation metadata, InstantSource clock) {
    this(metadata, clock, KeptViews.NONE);
  }

  CoordinatorRig(MetadataLocation metadata, InstantSource clock, KeptViews keptViews) {
    this(MetadataStore.open(metadata), clock, keptViews);
  }

  private CoordinatorRig(MetadataStore store, InstantSource clock, KeptViews keptViews) {
    this.store = store;
    coordinator =
        Coordinator.start(
            store,
            holder,
            new Files(missingFiles),
            scan -> LocalRows.ofNothing(),
            new Coordinator.Settings(0.05, Duration.ofMillis(20), keptViews),
            clock);
    replica = new ViewReplica("broker", coordinator.viewSource());
    coordinator.register(new DataSourceRegistration(schema("ads", Granularity.HOUR), TOPIC));
  }

  /** Deep storage that has every file but those that are missing. */
  private record Files(Set<String> missing) implements StoredFiles {
    @Override
    public String root() {
      return "/deep/storage";
    }

    @Override
    public boolean exists(String path) {
      return !missing.contains(path);
    }
  }

  static DataSourceSchema schema(String name, Granularity segmentGranularity) {
    return new DataSourceSchema(
        name,
        List.of(new DimensionSpec("publisher", ColumnType.STRING)),
        List.of(new MetricSpec("count", MetricSpec.Aggregation.COUNT)),
        segmentGranularity,
        Granularity.MINUTE,
        true);
  }

  static Interval hour(int hour) {
    long start = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli() + hour * 3_600_000L;
    return new Interval(start, start + 3_600_000L);
  }

  static Interval hours(int from, int to) {
    return new Interval(hour(from).startMillis(), hour(to).startMillis());
  }

  String version(Interval interval) {
    return coordinator
        .nextVersion(new VersionRequest("ads", List.of(interval), interval.endMillis()))
        .version();
  }

  static SegmentDescriptor segment(
      Interval bucket, String version, int partition, int core, long events) {
    SegmentId id = new SegmentId("ads", bucket, version, partition);
    return new SegmentDescriptor(id, core, false, id.fileName(), 10, events, events);
  }

  static SegmentDescriptor tombstone(Interval bucket, String version) {
    return new SegmentDescriptor(new SegmentId("ads", bucket, version, 0), 1, true, "", 0, 0, 0);
  }

  /** One segment for each hour. */
  static List<SegmentDescriptor> hourly(Interval interval, String version, long events) {
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(segment(bucket, version, 0, 1, events));
    }
    return segments;
  }

  static PublicationRequest request(
      Interval interval, String version, List<SegmentDescriptor> segments) {
    return new PublicationRequest(
        "ads", List.of(interval), version, segments, "plan", Map.of(), Map.of(), false, false);
  }

  static PublicationRequest held(PublicationRequest request) {
    return new PublicationRequest(
        request.dataSources(),
        request.intervals(),
        request.version(),
        request.segments(),
        request.planFingerprint(),
        request.grants(),
        request.pin(),
        true,
        false);
  }

  /** Commits one real-time segment of an hour. */
  CommitOutcome commit(Interval bucket, long start, long end, long events) {
    return coordinator
        .realtime()
        .commit(
            new RealtimeCommit(
                "ads",
                TOPIC,
                TOPIC_ID,
                0,
                start,
                end,
                List.of(new PushedSegment(bucket, "rt-" + start, 10, events, events))));
  }

  /** The version that shows in each hour of the interval; "-" where nothing does. */
  List<String> shown(Interval interval) {
    View view = coordinator.view();
    return Granularity.HOUR.bucketsIn(interval).stream()
        .map(
            bucket ->
                view.lookup("ads", bucket).stream()
                    .map(piece -> piece.version())
                    .findFirst()
                    .orElse("-"))
        .toList();
  }

  /** Publishes hourly segments, and waits until they show. */
  PublicationStatus publish(Interval interval, String version, long events) {
    PublicationStatus status =
        coordinator.register(request(interval, version, hourly(interval, version, events)));
    return await(status.id(), now -> now.state() == PublicationStatus.State.ACTIVE);
  }

  PublicationStatus await(String id, Predicate<PublicationStatus> condition) {
    return Waiting.await("publication " + id, () -> coordinator.publication(id), condition);
  }

  /**
   * A view that was made from the one before is that of the whole store, after every test, and so
   * is the view that a broker has made of the steps that it was told.
   */
  private void checkLastView() {
    assertThat(replica.current().dataSources()).isEqualTo(coordinator.view().dataSources());
    checkSame(replica.current(), coordinator.view());
    View last = coordinator.view();
    View whole = store.read(StoredViews::read);
    // A test may have made a view, or registered something, behind the coordinator.
    if (last.number() == whole.number()) {
      checkSame(last, whole);
    }
  }

  static void checkSame(View one, View other) {
    assertThat(one.number()).isEqualTo(other.number());
    assertThat(one.visibleSegments()).isEqualTo(other.visibleSegments());
    for (String dataSource : one.dataSources()) {
      assertThat(one.committedOffsets(dataSource)).isEqualTo(other.committedOffsets(dataSource));
      assertThat(one.registration(dataSource)).isEqualTo(other.registration(dataSource));
      assertThat(one.lookup(dataSource, Interval.ETERNITY))
          .isEqualTo(other.lookup(dataSource, Interval.ETERNITY));
    }
  }

  @Override
  public void close() {
    coordinator.close();
    checkLastView();
    store.close();
  }
}
