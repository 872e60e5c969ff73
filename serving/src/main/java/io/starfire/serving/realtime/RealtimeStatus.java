package io.starfire.serving.realtime;

import io.starfire.event.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real-time data source at one moment. Counts are of this process, since it started: records that
 * are read again after a restart count again.
 *
 * @param dataSource its name
 * @param topic that its rows come from
 * @param state the worst of what is going on
 * @param detail the state as a sentence
 * @param standsStillSince since when it, or one of its partitions, is not read on; empty if all of
 *     it is
 * @param partitions by number
 * @param rowsIndexed events that became rows
 * @param rowsRejected events that went to the dead-letter topic, by reason
 * @param heapBytes used by rows in memory, estimated
 * @param lastError the last failure, which may be over
 * @param lastErrorAt when it happened
 */
public record RealtimeStatus(
    String dataSource,
    String topic,
    RealtimeState state,
    String detail,
    Optional<Instant> standsStillSince,
    List<PartitionStatus> partitions,
    long rowsIndexed,
    Map<Outcome, Long> rowsRejected,
    long heapBytes,
    Optional<String> lastError,
    Optional<Instant> lastErrorAt) {
  public RealtimeStatus {
    partitions = List.copyOf(partitions);
    rowsRejected = Map.copyOf(rowsRejected);
  }
}
