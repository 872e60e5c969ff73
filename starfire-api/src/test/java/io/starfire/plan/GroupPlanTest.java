package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.Calendar;
import io.starfire.api.Flow;
import io.starfire.api.Group;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.plan.Events.Hit;
import io.starfire.plan.Events.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups in plans: a group by the day in Paris, whose results meet clicks an hour around. */
class GroupPlanTest {
  /** How many hits there were. */
  public record Count(long hits) {}

  /** The pipeline. */
  public static final class Groups implements Pipeline {
    @Override
    public void define(Flow flow) {
      GroupPlanTest.define(flow);
    }
  }

  private final Plan plan = Planner.plan(new Groups());

  private static void define(Flow flow) {
    Stream<Hit> hits = flow.source("hits", Hit.class).eventTime(Hit::at).identity(Hit::id);
    Stream<Hit> clicks = PlannerTest.source(flow, "clicks");
    Stream<Hit> byUser =
        hits.groupBy("by-user", String.class, Hit::user)
            .tumbling(Calendar.days("Europe/Paris"))
            .aggregate(
                Count.class,
                new Count(0),
                (count, hit) -> new Count(count.hits() + 1),
                (left, right) -> new Count(left.hits() + right.hits()))
            .emit(
                Hit.class,
                (user, day, count) ->
                    new Hit("" + count.hits(), Instant.ofEpochMilli(day.startMillis()), user));
    byUser.to(Events.hits("days"));
    byUser
        .join("met", clicks)
        .on(Hit::user, Hit::user)
        .within(Window.around(Duration.ofHours(1), Duration.ofHours(1)))
        .emit(Hit.class, (hit, matches) -> hit)
        .groupBy("by-minute", String.class, Hit::id)
        .tumbling(Duration.ofMinutes(1))
        .collect(Hit.class, (id, minute, all) -> all.get(0))
        .to(Events.hits("minutes"));
  }

  @Test
  void explainShowsGroupsOnBothDrivers() throws IOException {
    String stream =
        Explain.stream(plan, Grants.asked(plan), Duration.ofMinutes(5), "starfire-groups");
    String batch = Explain.batch(plan, Interval.parse("2026-10-25T10/PT1H"));
    assertThat(stream + batch)
        .isEqualTo(
            new String(
                getClass().getResourceAsStream("groups.explain").readAllBytes(),
                StandardCharsets.UTF_8));
  }

  @Test
  void aGroupReachesForWholeWindows() {
    Reach reach = Reach.of(plan, Grants.asked(plan), Interval.parse("2026-10-25T10/PT1H"));
    // The join needs results of the group around the hour: the day of 25 hours has them all.
    assertThat(reach.byShuffle().get("by-user-by-key"))
        .isEqualTo(Interval.parse("2026-10-24T22:00Z/2026-10-25T23:00Z"));
    Interval evening = Interval.parse("2026-10-25T22:30Z/PT10M");
    assertThat(Reach.of(plan, Grants.asked(plan), evening).of(plan.sources().get(0)))
        .isEqualTo(Interval.parse("2026-10-24T22:00Z/2026-10-26T23:00Z"));
    assertThat(Reach.of(plan, Grants.asked(plan), new Interval(0, 0)).of(plan.sources().get(1)))
        .isEqualTo(new Interval(0, 3_600_000));
  }

  @Test
  void theDelayBudgetAddsTheLongestWindow() {
    assertThat(DelayBudget.of(plan, Grants.asked(plan), Duration.ofMinutes(5)).bySink())
        .isEqualTo(
            Map.of(
                "days", Duration.ofHours(25).plusMinutes(5),
                "minutes", Duration.ofHours(26).plusMinutes(6)));
  }

  @Test
  void aKeyThatCannotBeReadBackAndAGroupThatIsNotFinishedAreRefused() {
    assertThatThrownBy(
            () ->
                Planner.plan(
                    flow -> PlannerTest.source(flow, "hits").groupBy("g", List.class, Hit::list)))
        .hasMessage(
            "group 'g': the key of a group must be a String, Boolean, Integer, Long, Float, Double,"
                + " Instant, BigDecimal, an enum, a record or a row, got a java.util.List");
    assertThatThrownBy(
            () ->
                Planner.plan(
                    flow -> {
                      Stream<Hit> hits = PlannerTest.source(flow, "hits");
                      hits.to(Events.hits("hits"));
                      hits.groupBy("g", User.class, hit -> new User(hit.id(), hit.user()));
                    }))
        .hasMessageContaining("group 'g' is begun and not finished");
    assertThatThrownBy(
            () ->
                Planner.plan(
                    flow -> {
                      Group.Windowed<Hit, String> group =
                          PlannerTest.source(flow, "hits")
                              .groupBy("g", String.class, Hit::id)
                              .tumbling(Duration.ofHours(1));
                      for (int i = 0; i < 2; i++) {
                        group.collect(Hit.class, (key, hour, all) -> all.get(0));
                      }
                    }))
        .hasMessage("group 'g' is finished twice; declare it twice, under two names");
  }
}
