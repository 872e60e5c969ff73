package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.plan.Events.Hit;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When duplicates are removed in the stage of a join. */
class OneStageTest {
  private final Function<Hit, String> id = Hit::id;

  @Test
  void theSameFunctionForIdentityAndKeyMakesOneStageAlsoBehindAFilter() {
    Plan plan = plan(id, hits -> hits.filter(hit -> true));
    assertThat(plan.stages()).extracting(Stage::name).containsExactly("hits", "clicks", "met");
    assertThat(plan.stages().get(2).keyed())
        .extracting(PlanNode::name)
        .containsExactly("hits-deduplicated", "met");
    assertThat(plan.shuffles())
        .extracting(shuffle -> shuffle.name() + " to " + shuffle.toStage())
        .containsExactly("hits-by-identity to met", "met-secondary to met");
    assertThat(Explain.stream(plan, Grants.asked(plan), Duration.ZERO, "app"))
        .contains(
            """
            stage met: join, asks [-PT0S, +PT1M], granted [-PT0S, +PT1M]
              reads hits-by-identity by topic app-met-log, judges lateness
              reads met-secondary by topic app-met-log, judges lateness
              removes copies of hits by identity
                filter-1
                  goes on to met in this stage
            """);
  }

  @Test
  void anotherFunctionOrAChangedEventOrASecondReceiverNeedsAStageOfItsOwn() {
    requireFour(plan(hit -> hit.id(), hits -> hits));
    requireFour(plan(id, hits -> hits.map(Hit.class, hit -> hit)));
    Plan two =
        plan(
            id,
            hits -> {
              hits.groupBy("by-user", String.class, Hit::user)
                  .tumbling(Duration.ofHours(1))
                  .collect(Hit.class, (user, hour, all) -> all.get(0))
                  .to(Events.hits("users"));
              return hits;
            });
    assertThat(two.stages()).extracting(Stage::name).contains("hits-deduplicated");
  }

  private static void requireFour(Plan plan) {
    assertThat(plan.stages())
        .extracting(Stage::name)
        .containsExactly("hits", "hits-deduplicated", "clicks", "met");
  }

  private Plan plan(Function<Hit, String> key, UnaryOperator<Stream<Hit>> between) {
    return Planner.plan(
        flow -> {
          Stream<Hit> hits = flow.source("hits", Hit.class).eventTime(Hit::at).identity(id);
          Stream<Hit> clicks = PlannerTest.source(flow, "clicks");
          between
              .apply(hits)
              .join("met", clicks)
              .on(key, Hit::id)
              .within(Window.after(Duration.ofMinutes(1)))
              .emit(Hit.class, (hit, matches) -> hit)
              .to(Events.hits("met"));
        });
  }
}
