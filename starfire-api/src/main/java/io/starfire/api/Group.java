package io.starfire.api;

import io.starfire.common.Interval;
import io.starfire.event.EventType;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/**
 * Events by their key, before they are cut into windows. An event whose key is null ends as {@code
 * NULL_KEY}. An empty string is not null.
 *
 * @param <T> type of the events
 * @param <K> type of the key
 */
public interface Group<T, K> {
  /**
   * Cuts event time into windows. Each key has one result for each window in which it has an event.
   * The result's event time is the start of the window. It is produced when the window is over.
   */
  Windowed<T, K> tumbling(Tumbling windows);

  /** Windows of one size, aligned to 1970-01-01T00:00Z; see {@link Tumbling#every}. */
  default Windowed<T, K> tumbling(Duration size) {
    return tumbling(Tumbling.every(size));
  }

  /**
   * Events by key and window.
   *
   * @param <T> type of the events
   * @param <K> type of the key
   */
  interface Windowed<T, K> {
    /**
     * Adds the events up, one by one, in any order and in any parts. Only the sum is kept, so this
     * needs less memory than {@link #collect}.
     *
     * @param accumulator type of the sum
     * @param initial the sum of no events; merging it with a sum must give that sum
     * @param add the sum with one more event; must not return null
     * @param merge one sum of two; commutative and associative; must not return null
     */
    <A> Aggregated<K, A> aggregate(
        EventType<A> accumulator,
        A initial,
        BiFunction<? super A, ? super T, ? extends A> add,
        BinaryOperator<A> merge);

    /** The same for a record class. */
    default <A extends Record> Aggregated<K, A> aggregate(
        Class<A> accumulator,
        A initial,
        BiFunction<? super A, ? super T, ? extends A> add,
        BinaryOperator<A> merge) {
      return aggregate(EventType.of(accumulator), initial, add, merge);
    }

    /**
     * Produces the results from all events of a key and window, ordered by event time, then by
     * their canonical bytes. They must fit into memory. The function must not return null.
     */
    <R> Stream<R> collect(
        EventType<R> to, Finisher<? super K, ? super List<T>, ? extends R> function);

    /** The same for a record class. */
    default <R extends Record> Stream<R> collect(
        Class<R> to, Finisher<? super K, ? super List<T>, ? extends R> function) {
      return collect(EventType.of(to), function);
    }
  }

  /**
   * Sums by key and window.
   *
   * @param <K> type of the key
   * @param <A> type of the sums
   */
  interface Aggregated<K, A> {
    /** Produces the results. The function must not return null. */
    <R> Stream<R> emit(EventType<R> to, Finisher<? super K, ? super A, ? extends R> function);

    /** The same for a record class. */
    default <R extends Record> Stream<R> emit(
        Class<R> to, Finisher<? super K, ? super A, ? extends R> function) {
      return emit(EventType.of(to), function);
    }
  }

  /**
   * Makes the result of a key and window.
   *
   * @param <K> type of the key
   * @param <V> what is known of the events
   * @param <R> type of the result
   */
  @FunctionalInterface
  interface Finisher<K, V, R> {
    /** Called once for each key and window. */
    R apply(K key, Interval window, V value);
  }
}
