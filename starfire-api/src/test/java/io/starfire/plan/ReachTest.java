package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.plan.Events.Hit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reach, stages, grants and the delay budget of plans with one and two joins. */
class ReachTest {
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");

  /** {@code left} joins {@code right} 10 to 60 s around, and that joins {@code third} 5 s after. */
  private final Plan two =
      Planner.plan(
          flow -> {
            Stream<Hit> left = flow.source("left", Hit.class).eventTime(Hit::at).identity(Hit::id);
            Stream<Hit> right = PlannerTest.source(flow, "right");
            Stream<Hit> third = PlannerTest.source(flow, "third");
            Stream<Hit> first =
                left.filter(hit -> true)
                    .join("first", right)
                    .on(Hit::user, Hit::user)
                    .within(
                        Window.around(Duration.ofSeconds(10), Duration.ofMinutes(1))
                            .acceptingAtLeast(Duration.ofSeconds(20)))
                    .emit(Hit.class, (hit, matches) -> hit);
            first.to(Events.hits("early"));
            first
                .join("second", third)
                .on(Hit::id, Hit::id)
                .within(Window.after(Duration.ofSeconds(5)).acceptingAtLeast(Duration.ZERO))
                .emit(Hit.class, (hit, matches) -> hit)
                .to(Events.hits("late"));
          });

  @Test
  void eachJoinWidensWhatItsInputsMustHold() {
    Reach reach = Reach.of(two, Grants.asked(two), HOUR);
    assertThat(reach.byShuffle().get("second-secondary")).isEqualTo(widened(0, 5));
    assertThat(reach.byShuffle().get("second-primary")).isEqualTo(widened(5, 0));
    assertThat(reach.byNode().get("first")).isEqualTo(widened(5, 0));
    assertThat(reach.byShuffle().get("first-secondary")).isEqualTo(widened(15, 60));
    assertThat(reach.byShuffle().get("first-primary")).isEqualTo(widened(60, 10));
    assertThat(reach.byShuffle().get("left-by-identity")).isEqualTo(widened(60, 10));
    assertThat(reach.hullOfSources(two)).isEqualTo(widened(60, 60));
    assertThat(two.sources()).extracting(reach::of).contains(widened(0, 5));
  }

  @Test
  void theReachEndsWhereEventTimeDoes() {
    Reach start = Reach.of(two, Grants.asked(two), new Interval(0, 1000));
    assertThat(start.hullOfSources(two)).isEqualTo(new Interval(0, 61_000));
    Interval last = new Interval(Times.END_MILLIS - 1000, Times.END_MILLIS);
    assertThat(Reach.of(two, Grants.asked(two), last).hullOfSources(two).endMillis())
        .isEqualTo(Times.END_MILLIS);
  }

  @Test
  void onlyTheFirstStatefulOperatorJudgesLateness() {
    assertThat(two.shuffles())
        .filteredOn(Shuffle::judgesLateness)
        .extracting(Shuffle::name)
        .containsExactlyInAnyOrder("left-by-identity", "first-secondary", "second-secondary");
    assertThat(two.stages())
        .extracting(Stage::name)
        .containsExactly("left", "left-deduplicated", "right", "third", "first", "second");
  }

  @Test
  void aSelfJoinHasTwoShufflesFromOneOperator() {
    Plan plan =
        Planner.plan(
            flow -> {
              Stream<Hit> hits = PlannerTest.source(flow, "hits");
              hits.join("met", hits)
                  .on(Hit::id, Hit::user)
                  .within(Window.after(Duration.ofSeconds(1)))
                  .emit(Hit.class, (hit, matches) -> hit)
                  .to(Events.hits("hits"));
            });
    assertThat(plan.stages().get(0).outputs())
        .extracting(Shuffle::name)
        .containsExactly("met-primary", "met-secondary");
  }

  @Test
  void grantsAreWhatIsAskedCutToTheLimit() {
    Grants grants = Grants.limited(two, Duration.ofSeconds(30), Map.of());
    assertThat(grants.describe()).isEqualTo(Map.of("first", "PT10S/PT30S", "second", "PT0S/PT5S"));
    Grants own = Grants.limited(two, Duration.ofSeconds(30), Map.of("second", Duration.ZERO));
    assertThat(own.describe()).containsEntry("second", "PT0S/PT0S");
  }

  @Test
  void aGrantBelowTheFloorIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> Grants.limited(two, Duration.ofSeconds(19), Map.of()))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageStartingWith("join 'first' of ")
        .hasMessageEndingWith(
            "accepts a window of at least PT20S and the driver grants PT19S; raise"
                + " starfire.stream.grants.first, or lower the floor in the pipeline");
    assertThatThrownBy(
            () -> Grants.limited(two, Duration.ofHours(1), Map.of("none", Duration.ZERO)))
        .hasMessageContaining("starfire.stream.grants.none names no join of")
        .hasMessageContaining("it has [first, second]");
  }

  @Test
  void theDelayBudgetIsTheLatenessOnceAndAfterOfEveryJoinOnTheWay() {
    DelayBudget budget = DelayBudget.of(two, Grants.asked(two), Duration.ofMinutes(5));
    assertThat(budget.bySink())
        .isEqualTo(Map.of("early", Duration.ofMinutes(6), "late", Duration.ofSeconds(365)));
  }

  private static Interval widened(long secondsBefore, long secondsAfter) {
    return new Interval(
        HOUR.startMillis() - 1000 * secondsBefore, HOUR.endMillis() + 1000 * secondsAfter);
  }
}
