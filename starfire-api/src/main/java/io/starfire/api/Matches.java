package io.starfire.api;

import java.util.Optional;

/**
 * The secondary events that match one primary, ordered by event time, then by their canonical
 * bytes. Immutable.
 *
 * @param <S> type of the secondary events
 */
public interface Matches<S> extends Iterable<S> {
  /** Whether there is at least one match. */
  boolean any();

  /** The earliest match; empty if there is none. */
  Optional<S> first();

  /** The number of matches. */
  int size();
}
