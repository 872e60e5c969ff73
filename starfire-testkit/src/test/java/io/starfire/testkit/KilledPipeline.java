package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.api.Window;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An identity, a join on the results of that, and two groups on the results of the join. */
public final class KilledPipeline implements Pipeline {
  static final Duration BEFORE = Duration.ofSeconds(10);
  static final Duration AFTER = Duration.ofSeconds(30);

  @Override
  public void define(Flow flow) {
    Stream<Thing> views =
        flow.source("views", Thing.class).eventTime(Thing::at).identity(Thing::id);
    Stream<Thing> clicks =
        flow.source("clicks", Thing.class).eventTime(Thing::at).withoutIdentity();
    Stream<Thing> clicked =
        views
            .join("clicked", clicks)
            .on(Thing::left, Thing::left)
            .within(Window.around(BEFORE, AFTER).acceptingAtLeast(Duration.ZERO))
            .emit(
                Thing.class,
                (view, matches) -> {
                  long number = view.number();
                  for (Thing match : matches) {
                    number = number * 31 + match.number();
                  }
                  return view.withNumber(number).withFlag(matches.any());
                });
    clicked.to(sink("clicked"));
    clicked
        .groupBy("sums", String.class, Thing::right)
        .tumbling(Tumbling.every(Duration.ofSeconds(20)))
        .aggregate(Tally.class, Tally.NOTHING, Tally::with, Tally::plus)
        .emit(Thing.class, Tally::toThing)
        .to(sink("sums"));
    clicked
        .groupBy("lists", String.class, Thing::left)
        .tumbling(Tumbling.every(Duration.ofSeconds(15)))
        .collect(Thing.class, KilledPipeline::inOrder)
        .to(sink("lists"));
  }

  /** Differs with the order of the events. */
  private static Thing inOrder(String key, Interval window, List<Thing> things) {
    long number = 0;
    for (Thing thing : things) {
      number = number * 31 + thing.number();
    }
    Instant at = Instant.ofEpochMilli(window.startMillis());
    return new Thing(key, at, key, things.get(0).right(), number, things.size() > 1);
  }

  private static DataSource<Thing> sink(String name) {
    return DataSource.named(name, Thing.class)
        .dimensions("id", "left", "right", "flag", "number")
        .count("count")
        .longSum("sum", Thing::number)
        .rollup(false)
        .queryGranularity(Granularity.NONE)
        .segmentGranularity(Granularity.MINUTE);
  }
}
