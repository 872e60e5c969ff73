package io.starfire.archiver;

import java.util.Map;

/**
 * The status of an archiver. Immutable.
 *
 * @param state what it is doing
 * @param failure why it has FAILED, else null
 * @param problem why it makes no progress, though it has not failed; else null
 * @param completeUpToMillis everything received before this time, in milliseconds since the epoch,
 *     is listed; 0 if this process has not recorded that yet
 * @param listed by topic and partition, the end of the listed offsets, exclusive
 * @param lag by topic, offsets that are not listed yet, as of the last look
 * @param rows that this process has listed
 */
public record ArchiverStatus(
    State state,
    String failure,
    String problem,
    long completeUpToMillis,
    Map<String, Map<Integer, Long>> listed,
    Map<String, Long> lag,
    long rows) {
  /** What an archiver is doing. */
  public enum State {
    RUNNING,
    /** It has stopped by itself and says why. */
    FAILED,
    STOPPED
  }

  public ArchiverStatus {
    listed = Map.copyOf(listed);
    lag = Map.copyOf(lag);
  }
}
