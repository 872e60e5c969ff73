package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Topic;
import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.plan.Events.Hit;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics and files beside data sources. */
final class SinkPlanTest {
  record Timed(Instant __time) {}

  private static Pipeline hits(Consumer<Stream<Hit>> sinks) {
    return flow -> sinks.accept(PlannerTest.source(flow, "hits"));
  }

  private static String fingerprint(Consumer<Stream<Hit>> sinks) {
    return PlanDescription.text(Planner.plan(hits(sinks)));
  }

  private static Pipeline everything() {
    return flow -> {
      Stream<Hit> left = PlannerTest.source(flow, "left");
      Stream<Hit> met =
          left.join("met", PlannerTest.source(flow, "right"))
              .on(Hit::id, Hit::id)
              .within(Window.after(Duration.ofMinutes(2)))
              .orphans(orphans -> orphans.to(Topic.named("lost", Hit.class).avro()))
              .completeOnFirst()
              .emit(Hit.class, (hit, any) -> hit);
      met.to(Events.hits("met"));
      met.to(Topic.named("met", Hit.class).key(Hit::user).json());
      met.to(Files.named("met", Hit.class).parquet());
    };
  }

  @Test
  void explainSaysWhichDriverWritesWhat() {
    Plan plan = Planner.plan(everything());
    Grants grants = Grants.asked(plan);
    assertThat(Explain.stream(plan, grants, Duration.ofMinutes(5), "starfire-hits"))
        .contains(
            "writes topic met: JSON, with key\n",
            "writes topic lost: AVRO, without key\n",
            "writes files met: PARQUET; not by the stream: a batch run writes them\n",
            "  met: PT7M\n  topic met: PT7M\n  files met: PT7M\n",
            "  topic lost: PT7M\n");
    assertThat(Explain.batch(plan, Interval.parse("2026-10-25T10/PT1H")))
        .contains(
            "writes topic met: JSON, with key; not by a batch run, which leaves topics out\n",
            "writes files met: PARQUET\n");
  }

  @Test
  void aPlanDiffersWithTheFormatAndWithTheKey() {
    String json = fingerprint(all -> all.to(Topic.named("a", Hit.class).json()));
    assertThat(fingerprint(all -> all.to(Topic.named("a", Hit.class).avro()))).isNotEqualTo(json);
    assertThat(fingerprint(all -> all.to(Topic.named("a", Hit.class).key(Hit::id).json())))
        .isNotEqualTo(json);
    assertThat(fingerprint(all -> all.to(Files.named("a", Hit.class).json()))).isNotEqualTo(json);
  }

  @Test
  void aSinkIsWrittenInOnePlaceAndHasAProperName() {
    assertThatThrownBy(
            () ->
                Planner.plan(
                    hits(
                        all -> {
                          all.to(Topic.named("a", Hit.class).json());
                          all.to(Topic.named("a", Hit.class).avro());
                        })))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("two operators or lookups named 'to-topic-a'");
    assertThatThrownBy(() -> Files.named("../a", Hit.class).json())
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("files name '../a' must be 1 to 128 letters");
  }

  @Test
  void anEventWithAComponentOfTheNameOfTheEventTimeIsRefused() {
    Pipeline timed =
        (Flow flow) ->
            flow.source("timed", Timed.class)
                .eventTime(Timed::__time)
                .withoutIdentity()
                .to(Topic.named("a", Timed.class).json());
    assertThatThrownBy(() -> Planner.plan(timed))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("'to-topic-a': io.starfire.plan.SinkPlanTest__Timed has a component");
  }
}
