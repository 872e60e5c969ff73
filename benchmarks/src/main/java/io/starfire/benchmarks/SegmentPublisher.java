package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.benchmarks.process.StarfireHttp;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.storage.LocalDeepStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Publishes segments as a batch run does, active in one step. Immutable. */
public final class SegmentPublisher {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private final StarfireHttp server;
  private final DataSourceSchema schema;
  private final Path work;
  private final LocalDeepStorage storage;

  /**
   * @param work for files that are not pushed yet
   * @param deepStorage that the server reads
   */
  public SegmentPublisher(
      StarfireHttp server, DataSourceSchema schema, Path work, Path deepStorage) {
    this.server = server;
    this.schema = schema;
    this.work = work;
    this.storage = new LocalDeepStorage(deepStorage);
  }

  /** Gives the rows of a segment. */
  @FunctionalInterface
  public interface Rows {
    void addTo(SegmentBuilder builder, Interval interval);
  }

  /**
   * Returns when the segments are active.
   *
   * @param segments their intervals, in order, without gaps
   */
  public void publish(List<Interval> segments, Rows rows) {
    server.post("/starfire/v1/datasources", new DataSourceRegistration(schema, /* topic= */ null));
    String name = schema.name();
    Interval whole =
        new Interval(segments.get(0).startMillis(), segments.get(segments.size() - 1).endMillis());
    List<Interval> intervals = List.of(whole);
    String version =
        server
            .post("/starfire/v1/versions", new VersionRequest(name, intervals, whole.endMillis()))
            .path("version")
            .asText();
    List<SegmentDescriptor> pushed = new ArrayList<>();
    for (Interval segment : segments) {
      pushed.add(push(new SegmentId(name, segment, version, 0), rows));
    }
    PublicationRequest request =
        new PublicationRequest(
            name, intervals, version, pushed, "benchmark", Map.of(), Map.of(), false, false);
    awaitActive(server.post("/starfire/v1/publications", request).path("id").asText());
  }

  private SegmentDescriptor push(SegmentId id, Rows rows) {
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, id.interval(), SpillLimits.DEFAULT, work)) {
      rows.addTo(builder, id.interval());
      WrittenSegment written = builder.finish(work.resolve(id.fileName()));
      String path = storage.push(written.path(), id.fileName() + ".segment");
      Files.deleteIfExists(written.path());
      return new SegmentDescriptor(
          id, 1, false, path, written.sizeBytes(), written.rowCount(), written.eventCount());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "a segment cannot be deleted in %s: %s".formatted(work, e), e);
    }
  }

  private void awaitActive(String id) {
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
