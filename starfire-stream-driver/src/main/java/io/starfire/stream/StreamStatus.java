package io.starfire.stream;

import java.util.Map;

/**
 * The status of a stream. Counts and watermarks are those of the tasks in this process, without
 * what an abort of the open transaction would take back. Immutable.
 *
 * @param pipeline name of the class
 * @param applicationId of Kafka Streams, and name of the consumer group
 * @param fingerprint of the plan
 * @param state what it is doing
 * @param failure why it has FAILED, else null
 * @param problem what keeps it from making progress, else null; it is not healthy then
 * @param notice what is not as it should be and does not keep it from working, else null
 * @param watermarks by stage, milliseconds, the minimum over its tasks; a stage is missing while
 *     the watermark of one is unknown
 * @param results by data source, and by {@code topic NAME}: all results of on-time events with
 *     event time below this (milliseconds, exclusive) have been written; missing while unknown
 * @param lag by raw topic: how many offsets are still to be processed
 * @param outcomes by operator and outcome, or anomaly, since the application id began
 * @param grants by join, {@code before/after} as ISO-8601 durations
 */
public record StreamStatus(
    String pipeline,
    String applicationId,
    String fingerprint,
    State state,
    String failure,
    String problem,
    String notice,
    Map<String, Long> watermarks,
    Map<String, Long> results,
    Map<String, Long> lag,
    Map<String, Map<String, Long>> outcomes,
    Map<String, String> grants) {
  /** What a stream is doing. */
  public enum State {
    /** Tasks are being assigned. */
    STARTING,
    /** The state of tasks is made again from their logs; the notice says how far that is. */
    RESTORING,
    RUNNING,
    /** It has stopped by itself and says why. */
    FAILED,
    /** It was closed. */
    STOPPED
  }

  public StreamStatus {
    watermarks = Map.copyOf(watermarks);
    results = Map.copyOf(results);
    lag = Map.copyOf(lag);
    outcomes = Map.copyOf(outcomes);
    grants = Map.copyOf(grants);
  }

  /** How often an outcome or anomaly was counted at an operator. */
  public long count(String operator, String outcome) {
    return outcomes.getOrDefault(operator, Map.of()).getOrDefault(outcome, 0L);
  }
}
