package io.starfire.api;

import io.starfire.event.EventType;
import io.starfire.event.Row;
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
public interface Stream<T> {
  /** Keeps the events for which {@code keep} is true; the others end as {@code FILTERED}. */
  Stream<T> filter(Predicate<? super T> keep);

  /**
   * The type of the events. For rows it is their schema, which is known when a pipeline is defined.
   */
  EventType<T> type();

  /** Turns each event into one that has the same event time. The function must not return null. */
  <R> Stream<R> map(EventType<R> to, Function<? super T, ? extends R> function);

  /** The same for a record class. */
  default <R extends Record> Stream<R> map(Class<R> to, Function<? super T, ? extends R> function) {
    return map(EventType.of(to), function);
  }

  /**
   * Turns each event into any number of events that have the same event time. An event that is
   * turned into none ends as {@code FILTERED}. The function must not return null, nor give a null
   * event.
   */
  <R> Stream<R> flatMap(
      EventType<R> to, Function<? super T, ? extends Iterable<? extends R>> function);

  /** The same for a record class. */
  default <R extends Record> Stream<R> flatMap(
      Class<R> to, Function<? super T, ? extends Iterable<? extends R>> function) {
    return flatMap(EventType.of(to), function);
  }

  /**
   * Looks a key up, and combines the event with the row that was found. The function gets an empty
   * Optional if the key is null or has no row; it must not return null.
   */
  <K, V, R> Stream<R> enrich(
      EventType<R> to,
      Lookup<K, V> lookup,
      Function<? super T, ? extends @Nullable K> key,
      BiFunction<? super T, Optional<V>, ? extends R> function);

  /** The same for a record class. */
  default <K, V, R extends Record> Stream<R> enrich(
      Class<R> to,
      Lookup<K, V> lookup,
      Function<? super T, ? extends @Nullable K> key,
      BiFunction<? super T, Optional<V>, ? extends R> function) {
    return enrich(EventType.of(to), lookup, key, function);
  }

  /**
   * Cleans the components of each event by small steps, which {@code explain} shows.
   *
   * @param to the type that has the components that the steps leave; it may be the same as before
   */
  <R> Stream<R> enhance(EventType<R> to, Enhancement steps);

  /** The same for a record class. */
  default <R extends Record> Stream<R> enhance(Class<R> to, Enhancement steps) {
    return enhance(EventType.of(to), steps);
  }

  /**
   * Cleans the components of each event by small steps. The result is rows of the components that
   * the steps leave; {@link #type} of the result is their schema. In a row, an enum is its name, an
   * Optional is a value that may be null, and a record is a row.
   */
  Stream<Row> enhance(Enhancement steps);

  /**
   * Begins a windowed join in which this stream is the primary: each of its events yields exactly
   * one result, matched or not.
   *
   * @param name unique among the operators of the pipeline; 1 to 64 letters, digits, {@code _} and
   *     {@code -}, the first a letter. The join's state is stored under it.
   */
  <S> Join<T, S> join(String name, Stream<S> secondary);

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

  /** The same for keys that are rows or records. */
  <K> Group<T, K> groupBy(
      String name, EventType<K> keyType, Function<? super T, ? extends @Nullable K> key);

  /**
   * Writes every event to a data source. A pipeline can write to a data source in one place only.
   */
  void to(DataSource<? super T> dataSource);

  /** Writes every event to a topic for other programs. The same topic in one place only. */
  void to(Topic<? super T> topic);

  /** Writes every event to files for other programs. The same files in one place only. */
  void to(Files<? super T> files);
}
