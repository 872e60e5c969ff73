package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReferenceDriverTest {
  private final AtomicLong calls = new AtomicLong();

  @Test
  void aFunctionThatIsNotDeterministicIsFoundInEveryOperator() {
    requireFound("map-1", things -> things.map(Thing.class, this::count));
    requireFound("filter-1", things -> things.filter(thing -> calls.incrementAndGet() % 2 == 0));
    requireFound(
        "flatMap-1", things -> things.flatMap(Thing.class, thing -> List.of(count(thing))));
    requireFound(
        "met",
        things ->
            things
                .join("met", things)
                .on(Thing::id, Thing::id)
                .within(Window.after(Duration.ofSeconds(1)))
                .emit(Thing.class, (thing, matches) -> count(thing)));
    requireFound(
        "all",
        things ->
            things
                .groupBy("all", String.class, Thing::id)
                .tumbling(Duration.ofSeconds(1))
                .collect(Thing.class, (id, second, all) -> count(all.get(0))));
  }

  private Thing count(Thing thing) {
    return thing.withNumber(calls.incrementAndGet());
  }

  private static void requireFound(String operator, UnaryOperator<Stream<Thing>> operators) {
    Plan plan =
        Planner.plan(
            flow ->
                operators
                    .apply(
                        flow.source("things", Thing.class).eventTime(Thing::at).withoutIdentity())
                    .to(DataSource.named("things", Thing.class).count("things")));
    Thing thing = new Thing("id", Instant.EPOCH, "a", "b", 1, false);
    assertThatThrownBy(
            () ->
                ReferenceDriver.run(
                    plan, Grants.asked(plan), Lookups.none(), Map.of("things", List.of(thing))))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE))
        .hasMessageStartingWith(
            "the function of '"
                + operator
                + "' gives another result for the same event at 1970-01-01T00:00:00.000Z");
  }
}
