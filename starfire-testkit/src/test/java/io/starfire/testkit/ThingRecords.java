package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.event.EventType;
import io.starfire.segment.sketch.SketchLibrary;
import java.util.function.Function;

/** Things as they are. */
final class ThingRecords implements ThingForm<Thing> {
  @Override
  public EventType<Thing> type() {
    return EventType.of(Thing.class);
  }

  @Override
  public Thing thing(Thing event) {
    return event;
  }

  @Override
  public Thing of(Thing thing) {
    return thing;
  }

  @Override
  public Stream<Thing> enhance(Stream<Thing> stream, Enhancement steps) {
    return stream.enhance(Thing.class, steps);
  }

  @Override
  public Stream<Thing> tally(
      Stream<Thing> stream, String name, Function<Thing, String> key, Tumbling windows) {
    return stream
        .groupBy(name, String.class, key)
        .tumbling(windows)
        .aggregate(Tally.class, Tally.NOTHING, Tally::with, Tally::plus)
        .emit(Thing.class, Tally::toThing);
  }

  @Override
  public Stream<Thing> inOrder(
      Stream<Thing> stream, String name, Function<Thing, String> key, Tumbling windows) {
    return stream
        .groupBy(name, String.class, key)
        .tumbling(windows)
        .collect(Thing.class, RandomPipeline::inOrder);
  }

  @Override
  public DataSource<Thing> withMetrics(DataSource<Thing> dataSource) {
    DataSource<Thing> summed = dataSource.longSum("sum", Thing::number);
    return SketchLibrary.isMissing() ? summed : summed.hllSketch("lefts", Thing::left);
  }
}
