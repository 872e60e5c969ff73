package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Enhancement;
import io.starfire.api.Lookup;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.plan.Events.Hit;
import io.starfire.plan.Events.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The small steps that clean events. */
class EnhancePlanTest {
  /** A hit with the name of its user. */
  public record Named(String hit, String user, String name) {}

  private static final Lookup<String, User> USERS = () -> "users";

  private static final Enhancement STEPS =
      Enhance.steps()
          .trim("user")
          .lowerCase("user")
          .blankToNull("user")
          .keepIf("is not test", "id", String.class, id -> !"test".equals(id))
          .lookup("user", USERS, String.class, User::name, "name")
          .defaultFor("name", "nobody")
          .rename("id", "hit");

  @Test
  void stepsAreDoneInTheirOrder() {
    Enhancement.Bound bound = STEPS.bind(EventType.of(Hit.class), EventType.of(Named.class));
    assertThat(apply(bound, new Hit("h", Instant.EPOCH, " ANN ")))
        .isEqualTo(new Named("h", "ann", "Ann"));
    assertThat(apply(bound, new Hit("h", Instant.EPOCH, "  ")))
        .isEqualTo(new Named("h", null, "nobody"));
    assertThat(apply(bound, new Hit("test", Instant.EPOCH, "ann"))).isNull();
  }

  /** A hit with its tags. */
  public record Tagged(String id, List<String> tags) {}

  @Test
  void aDefaultIsOfTheTypeOfTheComponentOrBelowIt() {
    Enhancement.Bound bound =
        Enhance.steps()
            .defaultFor("tags", List.of())
            .bind(EventType.of(Tagged.class), EventType.of(Tagged.class));
    assertThat(bound.apply(new Tagged("a", null), (lookup, key) -> Optional.empty()))
        .isEqualTo(new Tagged("a", List.of()));
    assertThatThrownBy(
            () ->
                Enhance.steps()
                    .defaultFor("tags", "none")
                    .bind(EventType.of(Tagged.class), EventType.of(Tagged.class)))
        .hasMessage("default none for tags: component 'tags' is a List, and cannot hold a String");
  }

  @Test
  void explainNamesEachStep() {
    Plan plan =
        Planner.plan(
            flow -> {
              flow.lookup("users", String.class, User.class);
              PlannerTest.source(flow, "hits")
                  .enhance(Named.class, STEPS)
                  .to(DataSource.named("named", Named.class).dimensions("name"));
            });
    assertThat(Explain.stream(plan, Grants.asked(plan), Duration.ZERO, "app"))
        .contains(
            "enhance-1: trim user, lower case user, blank to null user, keep if id is not test,"
                + " look up name by user in users, default nobody for name, rename id to hit\n");
  }

  @Test
  void aStepThatDoesNotFitIsRefusedWithItsNameAndTheOperator() {
    requireInvalid(Enhance.steps().trim("usr"))
        .hasMessage("'enhance-1': trim usr: there is no component 'usr'; there are [id, at, user]");
    requireInvalid(Enhance.steps().trim("at"))
        .hasMessage("'enhance-1': trim at: component 'at' is a Instant, and must be a String");
    requireInvalid(Enhance.steps().rename("id", "user"))
        .hasMessage("'enhance-1': rename id to user: there is a component 'user' already");
    requireInvalid(Enhance.steps().rename("id", "key"))
        .hasMessage(
            "'enhance-1': the result: there is no component 'id'; there are [key, at, user]");
    requireInvalid(Enhance.steps().lookup("id", USERS, String.class, User::name, "name"))
        .hasMessage(
            "'enhance-1': there is no lookup 'users'; declare it with this flow's lookup()");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
      requireInvalid(Enhancement steps) {
    return assertThatThrownBy(
            () ->
                Planner.plan(
                    flow ->
                        PlannerTest.source(flow, "hits")
                            .enhance(Hit.class, steps)
                            .to(Events.hits("hits"))))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE));
  }

  private static Object apply(Enhancement.Bound bound, Hit hit) {
    return bound.apply(
        hit,
        (lookup, key) ->
            key.equals("ann") ? Optional.of(new User("ann", "Ann")) : Optional.empty());
  }
}
