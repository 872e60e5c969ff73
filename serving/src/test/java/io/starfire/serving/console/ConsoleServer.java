package io.starfire.serving.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.StarfireClient;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.Waiting;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small server with two publications over each other, and one that is staged. */
final class ConsoleServer implements AutoCloseable {
  /** More than a double of a browser can tell from its neighbours. */
  static final long CLICKS = 1_234_567_890_123_456_789L;

  private final Path directory;
  private final StandaloneServer server;
  private final StarfireClient client;

  ConsoleServer(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("work"));
    this.server =
        StandaloneServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                directory.resolve("data"),
                DeepStorageLocation.local(directory.resolve("deep")),
                Optional.empty(),
                1 << 30,
                100_000,
                new Coordinator.Settings(
                    0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
                new BrokerSettings(
                    2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
                Optional.empty()));
    this.client = new StarfireClient(address(), "the test");
    post("/starfire/v1/datasources", new DataSourceRegistration(SegmentFiles.SCHEMA, null));
    publish(SegmentFiles.hours(10, 14), 30, 5, false);
    publish(SegmentFiles.hours(16, 17), 1, CLICKS, false);
    publish(SegmentFiles.hours(11, 12), 40, 5, false);
  }

  String address() {
    return "http://127.0.0.1:" + server.port();
  }

  StarfireClient client() {
    return client;
  }

  /** Publishes segments of an hour each; returns when it is active, or staged if it is held. */
  String publish(Interval interval, int events, long clicks, boolean hold) {
    String version =
        post(
                "/starfire/v1/versions",
                new VersionRequest("ads", List.of(interval), interval.endMillis()))
            .path("version")
            .asText();
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(
          SegmentFiles.push(
              new LocalDeepStorage(directory.resolve("deep")),
              directory.resolve("work"),
              bucket,
              version,
              events,
              clicks));
    }
    PublicationRequest request =
        new PublicationRequest(
            "ads", List.of(interval), version, segments, "plan", Map.of(), Map.of(), hold, false);
    String id = post("/starfire/v1/publications", request).path("id").asText();
    Waiting.await(
        "publication " + id,
        () -> client.get("/starfire/v1/publications/" + id),
        status ->
            status.path("state").asText().equals("ACTIVE")
                || (hold && status.path("loadedCount").asInt() == segments.size()));
    return id;
  }

  private JsonNode post(String path, Object body) {
    return client.post(path, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
