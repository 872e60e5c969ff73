package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

/**
 * A supervisor as it is stored.
 *
 * @param id the name of its data source
 * @param specJson as it was posted
 * @param state what it is meant to do
 * @param postedAtMillis when the spec was posted
 */
public record SupervisorRow(String id, String specJson, State state, long postedAtMillis) {
  /** What a supervisor is meant to do. */
  public enum State {
    RUNNING,
    /** Hands off what it has read, and reads nothing. */
    SUSPENDED,
    /** Hands off what it has read, and is then removed. */
    TERMINATING
  }

  public SupervisorRow {
    requireNonNull(id, "id");
    requireNonNull(specJson, "specJson");
    requireNonNull(state, "state");
  }

  /** The same in another state. */
  public SupervisorRow withState(State other) {
    return new SupervisorRow(id, specJson, other, postedAtMillis);
  }
}
