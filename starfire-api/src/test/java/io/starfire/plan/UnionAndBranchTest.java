package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.starfire.api.Branches;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.plan.Events.Hit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Streams that come together and part, and the orphans of a join. */
class UnionAndBranchTest {
  /** Known users of two sources meet the clicks of a third; what meets nothing is kept. */
  public static final class Mixed implements Pipeline {
    @Override
    public void define(Flow flow) {
      Stream<Hit> web = flow.source("web", Hit.class).eventTime(Hit::at).identity(Hit::id);
      Stream<Hit> phone = PlannerTest.source(flow, "phone");
      Stream<Hit> clicks = PlannerTest.source(flow, "clicks");
      Branches<Hit> users =
          web.union(phone)
              .branch("user")
              .when("known", hit -> hit.user() != null)
              .otherwise("unknown");
      users.get("unknown").to(Events.hits("unknown"));
      users
          .get("known")
          .join("met", clicks)
          .on(Hit::id, Hit::id)
          .within(Window.around(Duration.ofMinutes(5), Duration.ofMinutes(2)))
          .orphans(orphans -> orphans.to(Events.hits("orphans")))
          .completeOnFirst()
          .emit(Hit.class, (hit, met) -> hit)
          .to(Events.hits("met"));
    }
  }

  private final Plan plan = Planner.plan(new Mixed());

  @Test
  void explainShowsThemOnBothDrivers() throws IOException {
    String stream = Explain.stream(plan, Grants.asked(plan), Duration.ofMinutes(5), "starfire-mix");
    String batch = Explain.batch(plan, Interval.parse("2026-10-25T10/PT1H"));
    assertThat(stream + batch)
        .isEqualTo(
            new String(
                getClass().getResourceAsStream("mixed.explain").readAllBytes(),
                StandardCharsets.UTF_8));
  }

  @Test
  void aPortThatTwoStagesWriteToHasAShuffleFromEach() {
    assertThat(plan.shuffles())
        .extracting(shuffle -> shuffle.name() + " " + shuffle.judgesLateness())
        .containsExactly(
            "web-by-identity true",
            "met-primary-from-web-deduplicated false",
            "met-primary-from-phone true",
            "met-secondary true");
  }

  @Test
  void orphansAreHeldBackAsLongAsAPrimaryCanCome() {
    assertThat(DelayBudget.of(plan, Grants.asked(plan), Duration.ZERO).bySink())
        .isEqualTo(
            Map.of(
                "unknown", Duration.ZERO,
                "met", Duration.ofMinutes(5),
                "orphans", Duration.ofMinutes(5)));
  }

  @Test
  void aHundredOperatorsOnVeryManyWaysArePlannedAndExplainedInNoTime() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          Plan deep = Planner.plan(UnionAndBranchTest::defineDeep);
          Explain.stream(deep, Grants.asked(deep), Duration.ZERO, "deep");
          Explain.batch(deep, Interval.parse("2026-10-25T10/PT1H"));
        });
  }

  private static void defineDeep(Flow flow) {
    Stream<Hit> hits = PlannerTest.source(flow, "hits");
    for (int i = 0; i < 50; i++) {
      hits =
          hits.join("join" + i, hits)
              .on(Hit::id, Hit::id)
              .within(Window.after(Duration.ofSeconds(1)))
              .emit(Hit.class, (hit, matches) -> hit);
      hits = hits.union(hits);
    }
    hits.to(Events.hits("hits"));
  }

  @Test
  void badBranchesAreRefusedWithTheirNames() {
    requireInvalid(hits -> hits.branch("user").otherwise("all"))
        .hasMessage("branch 'user' has no when(); give it one, or leave it out");
    requireInvalid(hits -> hits.branch("user").when("a", hit -> true).otherwise("a"))
        .hasMessage("branch 'user' has two outputs named 'a'; give the second another name");
    requireInvalid(hits -> hits.branch("user").when("a", hit -> true).dropOthers().get("b"))
        .hasMessage("branch 'user' has no output 'b'; it has [a]");
    requireInvalid(hits -> hits.branch("user").when("a", hit -> true).dropOthers())
        .hasMessageEndingWith(
            "the result of 'user-a' goes nowhere; end it with to(...) or leave it out");
    requireInvalid(hits -> hits.branch("user").when("a", hit -> true))
        .hasMessageContaining("branch 'user' is begun and not finished");
    requireInvalid(hits -> hits.branch("user").when("1", hit -> true))
        .hasMessageContaining("branch output name '1' must be");
    requireInvalid(
            hits -> {
              hits.branch("user").when("a", hit -> true).dropOthers().get("a").to(Events.hits("a"));
              hits.groupBy("user-a", String.class, Hit::id);
            })
        .hasMessageContaining("two operators or lookups named 'user-a'");
    requireInvalid(
            hits ->
                hits.join("met", hits)
                    .on(Hit::id, Hit::id)
                    .within(Window.after(Duration.ofSeconds(1)))
                    .orphans(orphans -> {})
                    .emit(Hit.class, (hit, matches) -> hit)
                    .to(Events.hits("met")))
        .hasMessageContaining("the result of 'met-orphans' goes nowhere");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> requireInvalid(
      Consumer<Stream<Hit>> operators) {
    return assertThatThrownBy(
            () ->
                Planner.plan(
                    flow -> {
                      Stream<Hit> hits = PlannerTest.source(flow, "hits");
                      hits.to(Events.hits("hits"));
                      operators.accept(hits);
                    }))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE));
  }
}
