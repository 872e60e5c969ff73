package io.starfire.api;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source that does not yet say where its event time is.
 *
 * @param <T> type of its events
 */
public interface Source<T extends Record> {
  /**
   * Says where the event time is. It is read once, here, and cut to milliseconds; afterwards the
   * engine carries it. A null, or a time outside 1970 to 9999, makes the event {@code BAD_TIME}.
   */
  Timed<T> eventTime(Function<? super T, ? extends @Nullable Instant> time);

  /**
   * A source that does not yet say whether its events have an identity.
   *
   * @param <T> type of its events
   */
  interface Timed<T extends Record> {
    /**
     * Events of equal identity and event time are the same event: one is processed, the others are
     * {@code DUPLICATE}. An event whose identity is null is never a duplicate.
     */
    Stream<T> identity(Function<? super T, ? extends @Nullable Object> identity);

    /** Each event counts, copies included. */
    Stream<T> withoutIdentity();
  }
}
