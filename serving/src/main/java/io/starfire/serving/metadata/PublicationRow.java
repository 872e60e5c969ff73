package io.starfire.serving.metadata;

import io.starfire.common.Interval;
import io.starfire.protocol.PublicationStatus.State;
import java.util.List;

/**
 * A publication as it is stored, without its segments.
 *
 * @param id handed out at registration
 * @param dataSources that it replaces, in order of their names
 * @param version of its segments
 * @param state STAGED, ACTIVE, ABORTED or ROLLED_BACK
 * @param held whether it waits for somebody to activate it
 * @param acceptLoss whether it may hold fewer events than what it hides
 * @param reason why it is still staged; empty if there is none to tell
 * @param intervals that it covers
 * @param registeredAtMillis on the coordinator's clock
 * @param activatedAtMillis on the coordinator's clock; 0 if it never was active
 * @param viewNumber the view in which it became active; 0 if it never did
 * @param rolledBackAtMillis on the coordinator's clock; 0 if it was not rolled back
 * @param rolledBackViewNumber the first view without it; 0 if it was not rolled back
 */
public record PublicationRow(
    String id,
    List<String> dataSources,
    String version,
    State state,
    boolean held,
    boolean acceptLoss,
    String reason,
    List<Interval> intervals,
    long registeredAtMillis,
    long activatedAtMillis,
    long viewNumber,
    long rolledBackAtMillis,
    long rolledBackViewNumber) {
  public PublicationRow {
    dataSources = List.copyOf(dataSources);
    intervals = List.copyOf(intervals);
  }

  /** Whether the view of that number had it. */
  public boolean wasIn(long view) {
    return viewNumber > 0
        && viewNumber <= view
        && (rolledBackViewNumber == 0 || view < rolledBackViewNumber);
  }
}
