package io.starfire.serving.http;

import io.starfire.common.Times;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.serving.realtime.PartitionStatus;
import io.starfire.serving.realtime.RealtimeStatus;
import io.starfire.serving.supervisor.ShownSpec;
import io.starfire.serving.supervisor.SupervisorStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Supervisors in the JSON of Druid's answers. Stateless but for the clock. */
final class SupervisorJson {
  private final InstantSource clock;

  SupervisorJson(InstantSource clock) {
    this.clock = clock;
  }

  /** An element of the list, with the spec or without. */
  Map<String, Object> entry(SupervisorStatus supervisor, boolean full) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", supervisor.id());
    entry.put("state", supervisor.state());
    entry.put("detailedState", supervisor.detailedState());
    entry.put("healthy", supervisor.healthy());
    entry.put("suspended", supervisor.suspended());
    entry.put("type", "kafka");
    entry.put("source", supervisor.topic().orElse(null));
    if (full) {
      entry.put("spec", ShownSpec.of(supervisor));
    }
    return entry;
  }

  /** All versions of a spec that are known: the present one alone is stored. */
  List<Object> history(SupervisorStatus supervisor) {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("spec", ShownSpec.of(supervisor));
    version.put("version", Times.format(supervisor.row().postedAtMillis()));
    return List.of(version);
  }

  Map<String, Object> status(SupervisorStatus supervisor) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("id", supervisor.id());
    status.put("generationTime", Times.format(clock.millis()));
    status.put("payload", payload(supervisor));
    return status;
  }

  private Map<String, Object> payload(SupervisorStatus supervisor) {
    Map<Integer, Long> latest = new TreeMap<>();
    Map<Integer, Long> lags = new TreeMap<>();
    Map<Integer, Long> positions = new TreeMap<>();
    Map<Integer, Long> committed = new TreeMap<>();
    for (PartitionStatus partition :
        supervisor.reading().map(RealtimeStatus::partitions).orElse(List.of())) {
      int number = partition.kafkaPartition();
      positions.put(number, partition.position());
      committed.put(number, partition.committed());
      partition
          .lag()
          .ifPresent(
              lag -> {
                lags.put(number, lag);
                latest.put(number, partition.position() + lag);
              });
    }
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("dataSource", supervisor.id());
    payload.put("stream", supervisor.topic().orElse(null));
    payload.put("partitions", positions.size());
    payload.put("replicas", 1);
    payload.put("durationSeconds", durationSeconds(supervisor));
    payload.put("activeTasks", activeTasks(supervisor, committed, positions, lags));
    payload.put("publishingTasks", List.of());
    payload.put("latestOffsets", latest);
    payload.put("minimumLag", lags);
    payload.put("aggregateLag", lags.values().stream().mapToLong(Long::longValue).sum());
    payload.put("offsetsLastUpdated", Times.format(clock.millis()));
    payload.put("suspended", supervisor.suspended());
    payload.put("healthy", supervisor.healthy());
    payload.put("state", supervisor.state());
    payload.put("detailedState", supervisor.detailedState());
    payload.put("recentErrors", recentErrors(supervisor));
    addOwn(supervisor, committed, payload);
    return payload;
  }

  private static long durationSeconds(SupervisorStatus supervisor) {
    return supervisor
        .spec()
        .flatMap(spec -> spec.kafka().orElseThrow().handOffPeriod())
        .map(Duration::toSeconds)
        .orElse(0L);
  }

  /** There are no tasks; what reads the topic is shown as one. */
  private static List<Object> activeTasks(
      SupervisorStatus supervisor,
      Map<Integer, Long> committed,
      Map<Integer, Long> positions,
      Map<Integer, Long> lags) {
    if (supervisor.suspended() || positions.isEmpty()) {
      return List.of();
    }
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("id", "realtime-" + supervisor.id());
    task.put("startingOffsets", committed);
    task.put("type", "ACTIVE");
    task.put("currentOffsets", positions);
    task.put("lag", lags);
    return List.of(task);
  }

  private static List<Object> recentErrors(SupervisorStatus supervisor) {
    List<Object> errors = new ArrayList<>();
    supervisor
        .problem()
        .ifPresent(problem -> errors.add(error(problem, supervisor.row().postedAtMillis())));
    supervisor
        .reading()
        .ifPresent(
            reading ->
                reading
                    .lastError()
                    .ifPresent(
                        message ->
                            errors.add(
                                error(
                                    message, reading.lastErrorAt().orElseThrow().toEpochMilli()))));
    return errors;
  }

  private static Map<String, Object> error(String message, long atMillis) {
    return Map.of(
        "timestamp", Times.format(atMillis), "message", message, "streamException", false);
  }

  /** What Druid's answer does not have. */
  private static void addOwn(
      SupervisorStatus supervisor, Map<Integer, Long> committed, Map<String, Object> payload) {
    payload.put("committedOffsets", committed);
    payload.put(
        "detail",
        supervisor.problem().or(() -> supervisor.reading().map(RealtimeStatus::detail)).orElse(""));
    payload.put("rowsIndexed", supervisor.reading().map(RealtimeStatus::rowsIndexed).orElse(0L));
    Map<String, Long> rejected = new TreeMap<>();
    supervisor
        .reading()
        .ifPresent(
            reading ->
                reading
                    .rowsRejected()
                    .forEach((outcome, count) -> rejected.put(outcome.name(), count)));
    payload.put("rowsRejected", rejected);
    payload.put("warnings", supervisor.spec().map(IngestionSpec::warnings).orElse(List.of()));
  }
}
