package io.starfire.api;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events of one type, each with an event time. May be used several times: each use sees every
 * event.
 *
 * @param <T> type of the events
 */
public interface Stream<T extends Record> {
  /** Keeps the events for which {@code keep} is true; the others are {@code FILTERED}. */
  Stream<T> filter(Predicate<? super T> keep);

  /** Turns each event into one, which keeps its event time. The function must not return null. */
  <R extends Record> Stream<R> map(Class<R> to, Function<? super T, ? extends R> function);

  /** Turns each event into any number of events, which keep its event time. */
  <R extends Record> Stream<R> flatMap(
      Class<R> to, Function<? super T, ? extends Iterable<? extends R>> function);

  /**
   * Looks a key up and combines the event with the row that was found, if any. A null key finds
   * nothing.
   */
  <K, V extends Record, R extends Record> Stream<R> enrich(
      Class<R> to,
      Lookup<K, V> lookup,
      Function<? super T, ? extends @Nullable K> key,
      BiFunction<? super T, Optional<V>, ? extends R> function);

  /**
   * Begins a windowed join in which this stream is the primary: each of its events yields exactly
   * one result, matched or not.
   *
   * @param name the identity of the join's state; unique in the pipeline
   */
  <S extends Record> Join<T, S> join(String name, Stream<S> secondary);

  /** Writes every event to a data source. */
  void to(DataSource<? super T> dataSource);
}
