package io.starfire.serving.http;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Times;
import io.starfire.serving.realtime.PartitionStatus;
import io.starfire.serving.realtime.RealtimeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How the data sources are read: what each does, and which stand still for longer than is
 * tolerated. A short standstill, as while a broker restarts, is no fault. Thread-safe.
 */
public final class ReadingHealth {
  private final Supplier<List<RealtimeStatus>> reading;
  private final Duration unhealthyAfter;
  private final InstantSource clock;

  /**
   * @param reading of all data sources, as they are when it is called
   * @param unhealthyAfter how long one of them may stand still
   */
  public ReadingHealth(
      Supplier<List<RealtimeStatus>> reading, Duration unhealthyAfter, InstantSource clock) {
    this.reading = requireNonNull(reading, "reading");
    this.unhealthyAfter = requireNonNull(unhealthyAfter, "unhealthyAfter");
    this.clock = requireNonNull(clock, "clock");
  }

  /** A sentence for each data source that stands still for too long. */
  List<String> problems() {
    Instant latest = clock.instant().minus(unhealthyAfter);
    return reading.get().stream()
        .filter(
            status -> status.standsStillSince().filter(since -> !since.isAfter(latest)).isPresent())
        .map(ReadingHealth::sentence)
        .toList();
  }

  private static String sentence(RealtimeStatus status) {
    return "data source '%s' stands still since %s (%s): %s"
        .formatted(
            status.dataSource(),
            Times.format(status.standsStillSince().orElseThrow().toEpochMilli()),
            status.state(),
            status.detail());
  }

  /** One element for each data source. */
  List<Map<String, Object>> json() {
    return reading.get().stream().map(ReadingHealth::json).toList();
  }

  private static Map<String, Object> json(RealtimeStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dataSource", status.dataSource());
    json.put("topic", status.topic());
    json.put("state", status.state().name());
    json.put("detail", status.detail());
    json.put(
        "standsStillSince",
        status.standsStillSince().map(since -> Times.format(since.toEpochMilli())).orElse(null));
    Map<String, Long> rejected = new TreeMap<>();
    status.rowsRejected().forEach((outcome, count) -> rejected.put(outcome.name(), count));
    json.put("rowsIndexed", status.rowsIndexed());
    json.put("rowsRejected", rejected);
    json.put("heapBytes", status.heapBytes());
    json.put("lastError", status.lastError().orElse(null));
    json.put(
        "lastErrorAt",
        status.lastErrorAt().map(at -> Times.format(at.toEpochMilli())).orElse(null));
    json.put("partitions", status.partitions().stream().map(ReadingHealth::json).toList());
    return json;
  }

  private static Map<String, Object> json(PartitionStatus partition) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("partition", partition.kafkaPartition());
    json.put("state", partition.state().name());
    json.put("position", partition.position());
    json.put("committed", partition.committed());
    json.put("lag", partition.lag().isPresent() ? partition.lag().getAsLong() : null);
    return json;
  }
}
