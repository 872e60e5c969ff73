package io.starfire.api;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events of one type, each with an event time. A stream may have several consumers: each sees every
 * event. Not thread-safe.
 *
 * @param <T> type of the events
 */
public interface Stream<T extends Record> {
  /** Keeps the events for which {@code keep} is true; the others end as {@code FILTERED}. */
  Stream<T> filter(Predicate<? super T> keep);

  /** Turns each event into one that has the same event time. The function must not return null. */
  <R extends Record> Stream<R> map(Class<R> to, Function<? super T, ? extends R> function);

  /**
   * Turns each event into any number of events that have the same event time. An event that is
   * turned into none ends as {@code FILTERED}. The function must not return null, nor give a null
   * event.
   */
  <R extends Record> Stream<R> flatMap(
      Class<R> to, Function<? super T, ? extends Iterable<? extends R>> function);

  /**
   * Looks a key up, and combines the event with the row that was found. The function gets an empty
   * Optional if the key is null or has no row; it must not return null.
   */
  <K, V extends Record, R extends Record> Stream<R> enrich(
      Class<R> to,
      Lookup<K, V> lookup,
      Function<? super T, ? extends @Nullable K> key,
      BiFunction<? super T, Optional<V>, ? extends R> function);

  /**
   * Cleans the components of each event by small steps, which {@code explain} shows.
   *
   * @param to the record that has the components that the steps leave; it may be the same as before
   */
  <R extends Record> Stream<R> enhance(Class<R> to, Enhancement steps);

  /**
   * Begins a windowed join in which this stream is the primary: each of its events yields exactly
   * one result, matched or not.
   *
   * @param name unique among the operators of the pipeline; 1 to 64 letters, digits, {@code _} and
   *     {@code -}, the first a letter. The join's state is stored under it.
   */
  <S extends Record> Join<T, S> join(String name, Stream<S> secondary);

  /**
   * The events of this stream and of another. An event that is in both is there twice. To join more
   * streams, call it again on the result.
   */
  Stream<T> union(Stream<T> other);

  /**
   * Splits the stream into several by predicates.
   *
   * @param name unique among the operators of the pipeline, as that of a join
   */
  Branches.Builder<T> branch(String name);

  /**
   * Groups the events by a key. The windows of event time follow.
   *
   * @param name unique among the operators of the pipeline, as that of a join
   * @param keyType a String, Boolean, Integer, Long, Float, Double, Instant, BigDecimal, an enum or
   *     a record
   * @param key reads the key of an event; an event whose key is null ends as {@code NULL_KEY}
   */
  <K> Group<T, K> groupBy(
      String name, Class<K> keyType, Function<? super T, ? extends @Nullable K> key);

  /**
   * Writes every event to a data source. A pipeline can write to a data source in one place only.
   */
  void to(DataSource<? super T> dataSource);
}
