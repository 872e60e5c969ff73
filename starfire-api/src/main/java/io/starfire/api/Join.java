package io.starfire.api;

import io.starfire.event.EventType;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A join that does not yet have its keys.
 *
 * @param <P> type of the primary events; each yields one result
 * @param <S> type of the secondary events; those of equal key, event time and content count once
 */
public interface Join<P, S> {
  /**
   * Sets the keys; a primary and a secondary match only if their keys are equal. A primary whose
   * key is null yields its result without matches. A secondary whose key is null ends as {@code
   * NULL_KEY}. An empty string is not null.
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
  interface Keyed<P, S> {
    /** Sets how far apart in event time a primary and a secondary may be to match. */
    Windowed<P, S> within(Window window);
  }

  /**
   * A join that lacks only its result.
   *
   * @param <P> type of the primary events
   * @param <S> type of the secondary events
   */
  interface Windowed<P, S> {
    /**
     * Keeps the orphans: the secondary events that have matched no primary when no more primary can
     * come. Without this they are only counted.
     *
     * @param consumer is given the stream of orphans, once, when the join is complete. Their event
     *     times are their own.
     */
    Windowed<P, S> orphans(Consumer<? super Stream<S>> consumer);

    /**
     * Produces a result as soon as the primary has its first match. The function then sees only
     * whether there is a match, so the result is the same as if it had waited.
     */
    Early<P> completeOnFirst();

    /**
     * Produces the results. A result has the primary's event time. It is produced once no further
     * match can come. The function must not return null.
     */
    <R> Stream<R> emit(
        EventType<R> to, BiFunction<? super P, ? super Matches<S>, ? extends R> function);

    /** The same for a record class. */
    default <R extends Record> Stream<R> emit(
        Class<R> to, BiFunction<? super P, ? super Matches<S>, ? extends R> function) {
      return emit(EventType.of(to), function);
    }
  }

  /**
   * A join that may answer at its first match.
   *
   * @param <P> type of the primary events
   */
  interface Early<P> {
    /**
     * Produces the results. The function is told whether there is a match; it must not return null.
     */
    <R> Stream<R> emit(
        EventType<R> to, BiFunction<? super P, ? super Boolean, ? extends R> function);

    /** The same for a record class. */
    default <R extends Record> Stream<R> emit(
        Class<R> to, BiFunction<? super P, ? super Boolean, ? extends R> function) {
      return emit(EventType.of(to), function);
    }
  }
}
