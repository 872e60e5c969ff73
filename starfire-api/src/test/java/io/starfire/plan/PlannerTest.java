package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.Calendar;
import io.starfire.api.Flow;
import io.starfire.api.Join;
import io.starfire.api.Lookup;
import io.starfire.api.Pipeline;
import io.starfire.api.Source;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Events.Hit;
import io.starfire.plan.Events.User;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class PlannerTest {
  /** Is a pipeline, and has no constructor without arguments. */
  public record WithArgument(String argument) implements Pipeline {
    @Override
    public void define(Flow flow) {
      // Never reached.
    }
  }

  /** Cannot be made. */
  public static final class Failing implements Pipeline {
    public Failing() {
      throw new IllegalStateException("no luck");
    }

    @Override
    public void define(Flow flow) {
      // Never reached.
    }
  }

  /** Is fine. */
  public static final class Plain implements Pipeline {
    @Override
    public void define(Flow flow) {
      source(flow, "hits").to(Events.hits("hits"));
    }
  }

  @Test
  void aClassThatIsNotThereIsNamed() {
    requireInvalid(() -> Planner.plan("io.starfire.Missing", getClass().getClassLoader()))
        .hasMessage(
            "pipeline class 'io.starfire.Missing' was not found here; check the spelling, and name"
                + " its jar with --jar");
  }

  @Test
  void aClassThatIsNoPipelineOrCannotBeMadeIsRefused() {
    ClassLoader loader = getClass().getClassLoader();
    requireInvalid(() -> Planner.plan("java.lang.String", loader))
        .hasMessage(
            "pipeline 'java.lang.String' cannot run: it does not implement"
                + " io.starfire.api.Pipeline");
    requireInvalid(() -> Planner.plan(WithArgument.class.getName(), loader))
        .hasMessageEndingWith(
            "must be public, not abstract, and have a public constructor without arguments");
    requireInvalid(() -> Planner.plan(Failing.class.getName(), loader))
        .hasMessageEndingWith("failed: java.lang.IllegalStateException: no luck");
  }

  @Test
  void aDefineThatThrowsIsReportedWithItsCause() {
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      throw new IllegalStateException("no luck");
                    }))
        .hasMessageStartingWith("define() of pipeline class '")
        .hasMessageEndingWith("failed with java.lang.IllegalStateException: no luck");
  }

  /** Counts by the day of a place that has no time zone. */
  public static final class Nowhere implements Pipeline {
    @Override
    public void define(Flow flow) {
      source(flow, "hits")
          .groupBy("daily", String.class, Hit::id)
          .tumbling(Calendar.days("Europe/Atlantis"))
          .collect(Hit.class, (id, day, hits) -> hits.get(0))
          .to(Events.hits("hits"));
    }
  }

  /** Divides by zero. */
  public static final class Divided implements Pipeline {
    @Override
    public void define(Flow flow) {
      source(flow, "hits" + 1 / List.of().size());
    }
  }

  @Test
  void theLineOfTheClassIsSaidAtWhichItsDefinitionFailed() {
    requireInvalid(() -> plan(new Nowhere()))
        .hasMessageMatching(
            "there is no time zone 'Europe/Atlantis'; write it as in the IANA database, such as"
                + " Europe/Paris, or UTC \\(PlannerTest.java, line \\d+\\)");
    requireInvalid(() -> plan(new Divided()))
        .hasMessageMatching(
            "define\\(\\) of pipeline class '.*Divided' failed with"
                + " java.lang.ArithmeticException: / by zero \\(PlannerTest.java, line \\d+\\)");
  }

  @Test
  void aPipelineWithoutSinkOrWithALooseEndIsRefused() {
    requireInvalid(() -> plan(flow -> source(flow, "hits")))
        .hasMessageEndingWith("it writes nothing; end a stream with to(...)");
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      Stream<Hit> hits = source(flow, "hits");
                      hits.to(Events.hits("hits"));
                      hits.filter(hit -> true);
                    }))
        .hasMessageEndingWith(
            "the result of 'filter-1' goes nowhere; end it with to(...) or leave it out");
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      source(flow, "hits").to(Events.hits("hits"));
                      source(flow, "spare");
                    }))
        .hasMessageContaining("the source 'spare' goes nowhere");
  }

  @Test
  void whatIsBegunHasToBeFinished() {
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      Stream<Hit> hits = source(flow, "hits");
                      hits.to(Events.hits("hits"));
                      hits.join("met", hits).on(Hit::id, Hit::id);
                      flow.source("open", Hit.class);
                    }))
        .hasMessageContaining("join 'met', source 'open' is begun and not finished");
  }

  @Test
  void aBuilderCannotBeFinishedTwice() {
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      Source.Timed<Hit> timed = flow.source("hits", Hit.class).eventTime(Hit::at);
                      timed.withoutIdentity().to(Events.hits("one"));
                      timed.identity(Hit::id).to(Events.hits("two"));
                    }))
        .hasMessage("source 'hits' is finished twice; declare it twice, under two names");
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      Stream<Hit> hits = source(flow, "hits");
                      Join.Keyed<Hit, Hit> join = hits.join("met", hits).on(Hit::id, Hit::id);
                      for (int i = 1; i < 3; i++) {
                        join.within(Window.after(Duration.ofSeconds(i)))
                            .emit(Hit.class, (hit, matches) -> hit)
                            .to(Events.hits("hits" + i));
                      }
                    }))
        .hasMessageStartingWith("join 'met' is finished twice");
  }

  @Test
  void namesAreUniqueAndWellFormed() {
    requireInvalid(() -> plan(flow -> List.of(source(flow, "hits"), source(flow, "hits"))))
        .hasMessage(
            "the pipeline has two operators or lookups named 'hits'; give the second source another"
                + " name");
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      flow.lookup("users", String.class, User.class);
                      flow.lookup("users", String.class, User.class);
                    }))
        .hasMessageContaining("give the second lookup another name");
    requireInvalid(() -> plan(flow -> source(flow, "1st")))
        .hasMessage(
            "source name '1st' must be 1 to 64 letters, digits, _ or -, and start with a letter");
  }

  @Test
  void aNameThatTheEngineMakesItselfIsRefused() {
    requireInvalid(
            () ->
                plan(
                    flow -> {
                      Stream<Hit> hits = source(flow, "met-primary");
                      hits.join("met", hits)
                          .on(Hit::id, Hit::id)
                          .within(Window.after(Duration.ofSeconds(1)))
                          .emit(Hit.class, (hit, matches) -> hit)
                          .to(Events.hits("hits"));
                    }))
        .hasMessageContaining("the name 'met-primary' is also made by the engine");
  }

  @Test
  void streamsAndLookupsOfAnotherFlowAreRefused() {
    AtomicReference<Stream<Hit>> foreign = new AtomicReference<>();
    AtomicReference<Lookup<String, User>> lookup = new AtomicReference<>();
    plan(
        flow -> {
          foreign.set(source(flow, "hits"));
          foreign.get().to(Events.hits("hits"));
          lookup.set(flow.lookup("users", String.class, User.class));
        });
    requireInvalid(() -> plan(flow -> source(flow, "hits").join("met", foreign.get())))
        .hasMessage("a stream of another flow was used; use only this flow's own");
    requireInvalid(
            () ->
                plan(
                    flow ->
                        source(flow, "hits")
                            .enrich(Hit.class, lookup.get(), Hit::user, (hit, user) -> hit)))
        .hasMessage("a lookup of another flow was used; declare it with this flow's lookup()");
  }

  @Test
  void aTaskThatBuildsAnotherPlanRefusesAndSaysWhere() {
    ClassLoader loader = getClass().getClassLoader();
    String name = Plain.class.getName();
    String description = PlanDescription.text(Planner.plan(name, loader));
    assertThat(Planner.rebuild(name, loader, RowSchemas.none(), description).fingerprint())
        .isEqualTo(Planner.plan(new Plain()).fingerprint());
    String other = description.replace("without identity", "with identity");
    assertThatThrownBy(() -> Planner.rebuild(name, loader, RowSchemas.none(), other))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_MISMATCH))
        .hasMessageContaining("line 2 was 'source; hits; from []; with identity")
        .hasMessageContaining("and is 'source; hits; from []; without identity");
    assertThatThrownBy(
            () -> Planner.rebuild(name, loader, RowSchemas.none(), description + "more\n"))
        .hasMessageContaining("line 4 was 'more' and is '(end)'");
  }

  static Stream<Hit> source(Flow flow, String name) {
    return flow.source(name, Hit.class).eventTime(Hit::at).withoutIdentity();
  }

  static Plan plan(Pipeline pipeline) {
    return Planner.plan(pipeline);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> requireInvalid(Runnable planning) {
    return assertThatThrownBy(planning::run)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE));
  }
}
