package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Window;
import java.time.Duration;

/** Counts the matches of each primary in a window that a driver may cut to nothing. */
public final class TwoMinuteJoin implements Pipeline {
  @Override
  public void define(Flow flow) {
    var primaries = flow.source("primaries", Thing.class).eventTime(Thing::at).withoutIdentity();
    var secondaries =
        flow.source("secondaries", Thing.class).eventTime(Thing::at).withoutIdentity();
    Duration two = Duration.ofMinutes(2);
    primaries
        .join("met", secondaries)
        .on(Thing::left, Thing::left)
        .within(Window.around(two, two).acceptingAtLeast(Duration.ZERO))
        .emit(
            Thing.class,
            (thing, matches) ->
                new Thing(
                    thing.id() + thing.left() + thing.right() + thing.number(),
                    thing.at(),
                    null,
                    null,
                    matches.size(),
                    matches.any()))
        .to(
            DataSource.named("matches", Thing.class)
                .dimensions("id")
                .longSum("matches", Thing::number));
  }
}
