package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.storage.LocalDeepStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Publishes generated rows as a batch run does: one segment an hour, active in one step. */
final class AdSegments {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private AdSegments() {}

  /** Returns when the segments are served. */
  static void publish(AdRows data, ServerUnderTest server, Path work, Path deepStorage) {
    server.post(
        "/starfire/v1/datasources", new DataSourceRegistration(data.schema(), /* topic= */ null));
    String name = data.schema().name();
    List<Interval> intervals = List.of(data.interval());
    String version =
        server
            .post(
                "/starfire/v1/versions",
                new VersionRequest(name, intervals, data.interval().endMillis()))
            .path("version")
            .asText();
    List<SegmentDescriptor> segments = new ArrayList<>();
    LocalDeepStorage storage = new LocalDeepStorage(deepStorage);
    for (Interval hour : data.hours()) {
      segments.add(push(data, new SegmentId(name, hour, version, 0), work, storage));
    }
    PublicationRequest request =
        new PublicationRequest(
            name, intervals, version, segments, "benchmark", Map.of(), Map.of(), false, false);
    awaitActive(server, server.post("/starfire/v1/publications", request).path("id").asText());
  }

  private static SegmentDescriptor push(
      AdRows data, SegmentId id, Path work, LocalDeepStorage storage) {
    try (SegmentBuilder builder =
        new SegmentBuilder(data.schema(), id.interval(), SpillLimits.DEFAULT, work)) {
      for (DataRow row : data.decoded(id.interval())) {
        builder.add(row);
      }
      WrittenSegment written = builder.finish(work.resolve(id.fileName()));
      String path = storage.push(written.path(), id.fileName() + ".segment");
      return new SegmentDescriptor(
          id, 1, false, path, written.sizeBytes(), written.rowCount(), written.eventCount());
    }
  }

  private static void awaitActive(ServerUnderTest server, String id) {
    long start = System.nanoTime();
    while (true) {
      JsonNode status = server.get("/starfire/v1/publications/" + id);
      if (status.path("state").asText().equals("ACTIVE")) {
        return;
      }
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT,
            "the publication did not become active within %s: %s".formatted(LIMIT, status));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
