package io.starfire.serving.broker;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.Waiting;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.historical.Historical;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.role.LiveNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker over a real coordinator, historical, metadata store and segment files. */
final class BrokerRig implements AutoCloseable {
  final Path work;
  final LocalDeepStorage deepStorage;
  final Historical historical;
  final MetadataStore store;
  final Coordinator coordinator;
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Broker broker;

  BrokerRig(Path directory, LiveNode live) throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    historical = new Historical(directory.resolve("cache"), deepStorage, 1 << 30);
    store = MetadataStore.open(StoreKind.H2.location(directory));
    coordinator =
        Coordinator.start(
            store,
            historical,
            deepStorage,
            live,
            new Coordinator.Settings(
                0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
            Clock.systemUTC());
    coordinator.register(new DataSourceRegistration(SegmentFiles.SCHEMA, "ads"));
    broker =
        new Broker(
            coordinator.viewSource(),
            List.of(historical),
            live,
            coordinator.lookups(),
            new BrokerSettings(
                2,
                8,
                8,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                64L << 20,
                Map.of(),
                Optional.empty(),
                new BrokerSettings.Caches(4 << 20, 4 << 20, 4 << 20)),
            metrics,
            Clock.systemUTC());
  }

  /** Publishes hourly segments of one content, and waits until they show. */
  PublicationStatus publish(Interval interval, int events, long clicks) {
    return await(register(interval, events, clicks, false, List.of()), State.ACTIVE);
  }

  /** Publishes, but holds it; returns when it is loaded. */
  PublicationStatus stage(Interval interval, int events, long clicks) {
    return stage(interval, events, clicks, List.of());
  }

  /** The same with the schemas that it is to bring. */
  PublicationStatus stage(
      Interval interval, int events, long clicks, List<DataSourceSchema> schemas) {
    String id = register(interval, events, clicks, true, schemas).id();
    return Waiting.await(
        "publication %s is loaded".formatted(id),
        () -> coordinator.publication(id),
        status -> status.loadedCount() >= status.segmentCount());
  }

  private PublicationStatus await(PublicationStatus registered, State state) {
    return Waiting.await(
        "publication %s is %s".formatted(registered.id(), state),
        () -> coordinator.publication(registered.id()),
        status -> status.state() == state);
  }

  private PublicationStatus register(
      Interval interval, int events, long clicks, boolean hold, List<DataSourceSchema> schemas) {
    String version =
        coordinator
            .nextVersion(new VersionRequest("ads", List.of(interval), interval.endMillis()))
            .version();
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(SegmentFiles.push(deepStorage, work, bucket, version, events, clicks));
    }
    return coordinator.register(
        new PublicationRequest(
                "ads", List.of(interval), version, segments, "plan", Map.of(), Map.of(), hold, true)
            .withSchemas(schemas));
  }

  /** Commits one real-time segment, of events with one click each. */
  void commit(Interval bucket, long start, long end, int events) {
    coordinator
        .realtime()
        .commit(
            new RealtimeCommit(
                "ads",
                "ads",
                "topic-id",
                0,
                start,
                end,
                List.of(
                    SegmentFiles.push(
                        deepStorage, work, bucket, SegmentFiles.index(bucket, events, 1)))));
  }

  /** Events and clicks of an interval, in hours. */
  QueryResult hourly(Interval interval) {
    return hourly(interval, "{}", new ResponseContext());
  }

  QueryResult hourly(Interval interval, String context, ResponseContext response) {
    return broker.run(
        QueryParser.parse(
            """
            {"queryType":"timeseries","dataSource":"ads","granularity":"hour",
             "intervals":["%s"],"context":%s,
             "aggregations":[{"type":"longSum","name":"events","fieldName":"count"},
                             {"type":"longSum","name":"clicks","fieldName":"clicks"}]}
            """
                .formatted(interval, context)
                .getBytes(StandardCharsets.UTF_8)),
        response);
  }

  /** {@code events/clicks} of each hour, as text. */
  List<String> answer(Interval interval) {
    return answer(interval, "{}", new ResponseContext());
  }

  List<String> answer(Interval interval, String context, ResponseContext response) {
    return hourly(interval, context, response).rows().stream()
        .map(row -> row.values().get(0) + "/" + row.values().get(1))
        .toList();
  }

  @Override
  public void close() {
    broker.close();
    coordinator.close();
    historical.close();
    store.close();
  }
}
