package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.FieldType;
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
    requireFound(
        "sums",
        things ->
            things
                .groupBy("sums", String.class, Thing::id)
                .tumbling(Duration.ofSeconds(1))
                .aggregate(
                    Tally.class, Tally.NOTHING, (sum, thing) -> sum.with(count(thing)), Tally::plus)
                .emit(Thing.class, Tally::toThing));
    requireFound(
        "enhance-1",
        things ->
            things.enhance(
                Thing.class,
                Enhance.steps()
                    .drop("number")
                    .with("number", FieldType.LONG, thing -> calls.incrementAndGet())));
    requireFound(
        "parts",
        things ->
            things
                .branch("parts")
                .when("even", thing -> calls.incrementAndGet() % 2 == 0)
                .dropOthers()
                .get("even"));
  }

  @Test
  void aKeyAnEventTimeOrARowThatIsNotDeterministicIsFoundToo() {
    requireFound(
        "met-secondary",
        things ->
            things
                .join("met", things)
                .on(Thing::number, thing -> calls.incrementAndGet())
                .within(Window.after(Duration.ofSeconds(1)))
                .emit(Thing.class, (thing, matches) -> thing));
    requireFound(
        "all-by-key",
        things ->
            things
                .groupBy("all", Long.class, thing -> calls.incrementAndGet())
                .tumbling(Duration.ofSeconds(1))
                .collect(Thing.class, (id, second, all) -> all.get(0)));
    Thing thing = new Thing("id", Instant.EPOCH, "a", "b", 1, false);
    requireFound(
        "the function of 'things-by-identity'",
        flow ->
            flow.source("things", Thing.class)
                .eventTime(Thing::at)
                .identity(one -> calls.incrementAndGet())
                .to(sink()),
        thing);
    requireFound(
        "the function of 'to-things'",
        flow ->
            flow.source("things", Thing.class)
                .eventTime(Thing::at)
                .withoutIdentity()
                .to(sink().longSum("calls", one -> calls.incrementAndGet())),
        thing);
    requireFound(
        "the event time function of source 'things'",
        flow ->
            flow.source("things", Thing.class)
                .eventTime(one -> Instant.ofEpochMilli(calls.incrementAndGet()))
                .withoutIdentity()
                .to(sink()),
        thing);
  }

  @Test
  void aFunctionThatFailsOrReturnsNullIsSaidAsTheDriversSayIt() {
    requireSaid(
        things -> things.map(Thing.class, thing -> null),
        "the function of 'map-1' returned null for an event at 1970-01-01T00:00:00.000Z");
    requireSaid(
        things -> things.flatMap(Thing.class, thing -> null),
        "the function of 'flatMap-1' returned null for an event at 1970-01-01T00:00:00.000Z; it"
            + " must return a list of Thing");
    requireSaid(
        things ->
            things.filter(
                thing -> {
                  throw new IllegalStateException("no luck");
                }),
        "the function of 'filter-1' failed on an event at 1970-01-01T00:00:00.000Z with"
            + " java.lang.IllegalStateException: no luck");
  }

  private Thing count(Thing thing) {
    return thing.withNumber(calls.incrementAndGet());
  }

  private static void requireFound(String operator, UnaryOperator<Stream<Thing>> operators) {
    requireSaid(
        operators,
        "the function of '"
            + operator
            + "' gives another result for the same event at 1970-01-01T00:00:00.000Z");
  }

  private static void requireFound(String function, Pipeline pipeline, Thing thing) {
    requireSaid(pipeline, thing, function + " gives another result for the same event");
  }

  private static void requireSaid(UnaryOperator<Stream<Thing>> operators, String sentence) {
    Thing thing = new Thing("id", Instant.EPOCH, "a", "b", 1, false);
    requireSaid(
        flow ->
            operators
                .apply(flow.source("things", Thing.class).eventTime(Thing::at).withoutIdentity())
                .to(sink()),
        thing,
        sentence);
  }

  private static void requireSaid(Pipeline pipeline, Thing thing, String sentence) {
    Plan plan = Planner.plan(pipeline);
    assertThatThrownBy(
            () ->
                ReferenceDriver.run(
                    plan, Grants.asked(plan), Lookups.none(), Map.of("things", List.of(thing))))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE))
        .hasMessageStartingWith(sentence);
  }

  private static DataSource<Thing> sink() {
    return DataSource.named("things", Thing.class).count("things");
  }
}
