package io.starfire.protocol;

import io.starfire.common.Interval;
import java.util.List;

/**
 * {@code GET /starfire/v1/publications/{id}}: the state of a publication. Times are milliseconds
 * since the epoch on the coordinator's clock; 0 means that it has not happened.
 *
 * @param id its id, from the coordinator
 * @param dataSources the data sources that it replaces, sorted by name
 * @param version the version of its segments
 * @param intervals the intervals that it replaces
 * @param state STAGED, ACTIVE, ABORTED or ROLLED_BACK
 * @param superseded whether it is active but later publications hide all of it
 * @param held whether it waits for a user to activate it
 * @param reason a sentence that says why it is still staged; empty if there is nothing to say
 * @param segmentCount number of its segments that have a file
 * @param loadedCount how many of these a historical serves
 * @param registeredAtMillis when it was registered
 * @param activatedAtMillis when it became active
 * @param viewNumber the first view in which it is active; 0 if it has not become active
 * @param rolledBackAtMillis when it was rolled back
 * @param rolledBackViewNumber the first view without it; 0 if it was not rolled back
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
  /** The stored state. Whether a publication is superseded is not stored but computed. */
  public enum State {
    STAGED,
    ACTIVE,
    ABORTED,
    ROLLED_BACK
  }
}
