package io.starfire.api;

import java.util.function.Predicate;

/**
 * The streams into which a stream is split. Each event goes to one of them.
 *
 * @param <T> type of the events
 */
public interface Branches<T> {
  /**
   * One of the streams.
   *
   * @param output the name that was given to it; any other is INVALID_PIPELINE
   */
  Stream<T> get(String output);

  /**
   * Branches that are not yet complete.
   *
   * @param <T> type of the events
   */
  interface Builder<T> {
    /**
     * Adds a branch. An event goes to the first one whose predicate is true.
     *
     * @param output unique in the branches; see {@link Flow} for names
     */
    Builder<T> when(String output, Predicate<? super T> predicate);

    /** Completes the branches: an event for which no predicate is true goes to this one. */
    Branches<T> otherwise(String output);

    /** Completes the branches: an event for which no predicate is true ends as {@code FILTERED}. */
    Branches<T> dropOthers();
  }
}
