package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.event.EventType;
import java.util.function.Function;

/** What the events of a random pipeline are: things as Java records, or as rows. */
interface ThingForm<T> {
  EventType<T> type();

  Thing thing(T event);

  T of(Thing thing);

  default String id(T event) {
    return thing(event).id();
  }

  default String left(T event) {
    return thing(event).left();
  }

  default String right(T event) {
    return thing(event).right();
  }

  /** Steps that leave what a thing has. */
  Stream<T> enhance(Stream<T> stream, Enhancement steps);

  /** Adds the events up by key. */
  Stream<T> tally(Stream<T> stream, String name, Function<T, String> key, Tumbling windows);

  /** Takes the events of a key in their order. */
  Stream<T> inOrder(Stream<T> stream, String name, Function<T, String> key, Tumbling windows);

  DataSource<T> withMetrics(DataSource<T> dataSource);
}
