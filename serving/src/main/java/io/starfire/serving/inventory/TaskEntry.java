package io.starfire.serving.inventory;

import org.jspecify.annotations.Nullable;

/**
 * Work that brings data, as Druid lists tasks: a publication, or the reading of a supervisor.
 *
 * @param id of the publication; of a reading, as the status of its supervisor names it
 * @param type {@code publication} or {@code index_kafka}
 * @param dataSource its name; names with commas between them if there are several
 * @param createdMillis when it was registered
 * @param status Druid's: RUNNING, SUCCESS or FAILED
 * @param runnerStatus Druid's: RUNNING, WAITING, or NONE if it is over
 * @param durationMillis -1 if it is not known, or it still runs
 * @param problem why it does not go on, or did not become active; null if there is nothing to say
 */
public record TaskEntry(
    String id,
    String type,
    String dataSource,
    long createdMillis,
    String status,
    String runnerStatus,
    long durationMillis,
    @Nullable String problem) {
  public static final String RUNNING = "RUNNING";

  /** Whether it is over. */
  public boolean isComplete() {
    return !status.equals(RUNNING);
  }

  /** Whether it waits for somebody. */
  public boolean isWaiting() {
    return runnerStatus.equals("WAITING");
  }
}
