package io.starfire.api;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source that does not yet say where its event time is.
 *
 * @param <T> type of its events
 */
public interface Source<T> {
  /**
   * Sets the function that reads an event's time. It is called once for each event; the engine cuts
   * the time to milliseconds and keeps it with the event. An event ends as {@code BAD_TIME} if its
   * time is null, outside the years 1970 to 9999, or further ahead of its arrival than {@code
   * starfire.stream.max-ahead}.
   */
  Timed<T> eventTime(Function<? super T, ? extends @Nullable Instant> time);

  /**
   * A source that does not yet say whether its events have an identity.
   *
   * @param <T> type of its events
   */
  interface Timed<T> {
    /**
     * Sets the function that reads an event's identity. Events of equal identity and event time are
     * copies of one event: one is processed, the others end as {@code DUPLICATE}. An event whose
     * identity is null is never a duplicate.
     */
    Stream<T> identity(Function<? super T, ? extends @Nullable Object> identity);

    /** Processes every event, copies included. */
    Stream<T> withoutIdentity();
  }
}
