package io.starfire.api;

import java.util.Optional;

/**
 * The secondary events that a primary met, in canonical order: event time, then content. Immutable.
 *
 * @param <S> type of the secondary events
 */
public interface Matches<S> extends Iterable<S> {
  boolean any();

  /** The earliest match. */
  Optional<S> first();

  int size();
}
