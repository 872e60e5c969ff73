package io.starfire.protocol;

import io.starfire.common.Interval;
import java.util.List;

/**
 * {@code GET /starfire/v1/publications/{id}}: where a publication stands. Times are milliseconds
 * since the epoch on the coordinator's clock, 0 if it has not happened.
 *
 * @param id handed out by the coordinator
 * @param dataSources that it replaces, in order of their names
 * @param version of its segments
 * @param intervals that it covers
 * @param state STAGED, ACTIVE, ABORTED or ROLLED_BACK
 * @param superseded whether it is active and nothing of it shows any more
 * @param held whether it waits for somebody to activate it
 * @param reason why it is still staged, in a sentence; empty if it is not, or needs no reason
 * @param segmentCount segments with a file
 * @param loadedCount of these, the ones that a historical serves
 * @param registeredAtMillis when it was registered
 * @param activatedAtMillis when it became active
 * @param viewNumber the view in which it became active, 0 if it has not
 * @param rolledBackAtMillis when it was rolled back
 * @param rolledBackViewNumber the first view without it, 0 if it was not rolled back
 */
public record PublicationStatus(
    String id,
    List<String> dataSources,
    String version,
    List<Interval> intervals,
    State state,
    boolean superseded,
    boolean held,
    String reason,
    int segmentCount,
    int loadedCount,
    long registeredAtMillis,
    long activatedAtMillis,
    long viewNumber,
    long rolledBackAtMillis,
    long rolledBackViewNumber) {
  /** The stored state; that a publication is superseded is derived. */
  public enum State {
    STAGED,
    ACTIVE,
    ABORTED,
    ROLLED_BACK
  }
}
