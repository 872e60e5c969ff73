package io.starfire.api;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A join that does not yet have its keys.
 *
 * @param <P> type of the primary events, each of which yields one result
 * @param <S> type of the secondary events, a set by event time and content
 */
public interface Join<P extends Record, S extends Record> {
  /**
   * Says what must be equal. A primary whose key is null passes unmatched; a secondary whose key is
   * null is {@code NULL_KEY}. An empty string is not null.
   */
  <K> Keyed<P, S> on(
      Function<? super P, ? extends @Nullable K> primaryKey,
      Function<? super S, ? extends @Nullable K> secondaryKey);

  /**
   * A join that does not yet have its window.
   *
   * @param <P> type of the primary events
   * @param <S> type of the secondary events
   */
  interface Keyed<P extends Record, S extends Record> {
    Windowed<P, S> within(Window window);
  }

  /**
   * A join that lacks only its result.
   *
   * @param <P> type of the primary events
   * @param <S> type of the secondary events
   */
  interface Windowed<P extends Record, S extends Record> {
    /**
     * Lets a result be produced at its first match. The function then sees only whether there is a
     * match, so that being early can change nothing.
     */
    Early<P> completeOnFirst();

    /**
     * Produces the results, each with the primary's event time, once no further match can come. The
     * function must not return null.
     */
    <R extends Record> Stream<R> emit(
        Class<R> to, BiFunction<? super P, ? super Matches<S>, ? extends R> function);
  }

  /**
   * A join that may answer at its first match.
   *
   * @param <P> type of the primary events
   */
  interface Early<P extends Record> {
    /** Produces the results; the function is told whether there is a match. */
    <R extends Record> Stream<R> emit(
        Class<R> to, BiFunction<? super P, ? super Boolean, ? extends R> function);
  }
}
