package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.Anomaly;
import io.starfire.event.DataRow;
import io.starfire.event.FieldType;
import io.starfire.event.KeyCodec;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Planner;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageProgramTest {
  /** An event with a key. */
  public record Hit(String id, Instant at) {}

  private final List<String> ends = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();

  @Test
  void whatIsBelowTheWatermarkIsLateWhereItIsJudgedAndNowhereElse() {
    Plan plan =
        Planner.plan(
            flow -> {
              Stream<Hit> hits =
                  flow.source("hits", Hit.class).eventTime(Hit::at).identity(Hit::id);
              Stream<Hit> others =
                  flow.source("others", Hit.class).eventTime(Hit::at).withoutIdentity();
              hits.join("met", others)
                  .on(Hit::id, Hit::id)
                  .within(Window.after(Duration.ofMillis(10)))
                  .emit(Hit.class, (hit, matches) -> hit)
                  .to(DataSource.named("hits", Hit.class).count("hits"));
            });
    StageProgram join = program(plan, "met");
    join.advanceTo(100);
    join.advanceTo(50);
    assertThat(event(plan, join, "met-primary", 99)).isTrue();
    assertThat(event(plan, join, "met-secondary", 99)).isFalse();
    assertThat(event(plan, join, "met-secondary", 100)).isTrue();
    assertThat(ends).containsExactly("met-secondary LATE 99");
    join.advanceTo(110);
    assertThat(ends).contains("met-primary EMITTED 99");

    join.reset();
    assertThat(event(plan, join, "met-secondary", 1)).isTrue();
  }

  @Test
  void aFunctionThatFailsOrReturnsNullIsNamed() {
    assertInvalid(
        run(hits -> hits.map(Hit.class, hit -> null)),
        "the function of 'map-1' returned null for an event at 1970-01-01T00:00:00.005Z; it must"
            + " return a Hit");
    assertInvalid(
        run(hits -> hits.filter(hit -> hit.id().isEmpty())),
        "the function of 'filter-1' failed on an event at 1970-01-01T00:00:00.005Z with"
            + " java.lang.NullPointerException");
  }

  @Test
  void whatAFunctionMustReturnIsSaid() {
    assertInvalid(
        run(hits -> hits.flatMap(Hit.class, hit -> null)),
        "the function of 'flatMap-1' returned null for an event at 1970-01-01T00:00:00.005Z; it"
            + " must return a list of Hit, which may be empty");
    Plan plan =
        Planner.plan(
            flow ->
                flow.source("hits", Hit.class)
                    .eventTime(Hit::at)
                    .withoutIdentity()
                    .groupBy("counts", String.class, Hit::id)
                    .tumbling(Duration.ofMillis(10))
                    .aggregate(Count.class, new Count(0), (count, hit) -> null, (one, two) -> one)
                    .emit(Hit.class, (id, window, count) -> new Hit(id, Instant.EPOCH))
                    .to(DataSource.named("hits", Hit.class).count("hits")));
    assertInvalid(
        () -> event(plan, program(plan, "counts"), "counts-by-key", 5),
        "the function of 'counts' returned null for an event at 1970-01-01T00:00:00.005Z; it must"
            + " return a Count");
  }

  /** A sum. */
  public record Count(long hits) {}

  @Test
  void anErrorInAFunctionNamesTheOperatorAndWhatToDo() {
    assertInvalid(
        run(
            hits ->
                hits.filter(
                    hit -> {
                      throw new NoClassDefFoundError("org/example/Geo");
                    })),
        "the function of 'filter-1' failed on an event at 1970-01-01T00:00:00.005Z with"
            + " java.lang.NoClassDefFoundError: org/example/Geo; a class is missing or is another"
            + " than the pipeline was built with: name the jars of its libraries too");
    assertInvalid(
        run(hits -> hits.filter(hit -> endless(hit.at()))),
        "the function of 'filter-1' failed on an event at 1970-01-01T00:00:00.005Z with"
            + " java.lang.StackOverflowError");
    OutOfMemoryError full = new OutOfMemoryError("heap");
    assertThatThrownBy(
            () ->
                run(hits ->
                        hits.filter(
                            hit -> {
                              throw full;
                            }))
                    .run())
        .isSameAs(full);
  }

  @SuppressWarnings("InfiniteRecursion") // that is what is tested
  private static boolean endless(Instant at) {
    return endless(at);
  }

  @Test
  void aKeyThatCannotBeOneIsNamedWithItsOperator() {
    Runnable running =
        run(
            hits ->
                hits.join("met", hits)
                    .on(hit -> new StringBuilder("a"), hit -> new StringBuilder("a"))
                    .within(Window.after(Duration.ofMillis(10)))
                    .emit(Hit.class, (hit, matches) -> hit));
    assertInvalid(
        running,
        "'met-primary', at an event at 1970-01-01T00:00:00.005Z: a key must be a String, Boolean,");
    assertThatThrownBy(running::run).hasMessageEndingWith("got a java.lang.StringBuilder");
  }

  @Test
  void aFunctionThatMisreadsARowIsNamedWithTheField() {
    assertInvalid(
        runOnRows(rows -> rows.filter(row -> row.string("town") == null)),
        "'filter-1', at an event at 1970-01-01T00:00:00.005Z: there is no field 'town' in rows of"
            + " 'enhance-1'; there are [id, at]");
    assertInvalid(
        runOnRows(rows -> rows.filter(row -> row.longValue("at") > 0)),
        "'filter-1', at an event at 1970-01-01T00:00:00.005Z: field 'at' of rows of 'enhance-1' has"
            + " the type instant?, and was read as long");
    RowSchema other = RowSchema.parse("other", "id string");
    Row wrong = other.row().set("id", "a").build();
    assertInvalid(
        runOnRows(rows -> rows.map(rows.type(), row -> wrong)),
        "'map-1', at an event at 1970-01-01T00:00:00.005Z: a row of the schema other (id string)"
            + " was given where enhance-1 (id string?, at instant?) is expected");
    assertInvalid(
        runOnRows(rows -> rows.enhance(Enhance.steps().cast("at", FieldType.BOOLEAN))),
        "'enhance-2', at an event at 1970-01-01T00:00:00.005Z: cast at to boolean: ");
    RowSchema strict = RowSchema.parse("strict", "id string, at instant");
    assertInvalid(
        runOnRows(rows -> rows.enhance(strict, Enhance.steps())),
        "'enhance-2', at an event at 1970-01-01T00:00:00.005Z: field 'id' is null, and it must not"
            + " be; give it a value, or make the field optional");
  }

  private Runnable runOnRows(java.util.function.UnaryOperator<Stream<Row>> operators) {
    return run(
        hits -> {
          Stream<Row> rows = operators.apply(hits.enhance(Enhance.steps()));
          return rows.map(Hit.class, row -> new Hit(row.string("id"), row.instant("at")));
        });
  }

  private Runnable run(java.util.function.UnaryOperator<Stream<Hit>> operators) {
    Plan plan =
        Planner.plan(
            flow ->
                operators
                    .apply(flow.source("hits", Hit.class).eventTime(Hit::at).withoutIdentity())
                    .to(DataSource.named("hits", Hit.class).count("hits")));
    StageProgram program = program(plan, "hits");
    return () -> program.source(new Hit(null, Instant.EPOCH), 5);
  }

  private static void assertInvalid(Runnable running, String message) {
    assertThatThrownBy(running::run)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE))
        .hasMessageStartingWith(message);
  }

  private static boolean event(Plan plan, StageProgram program, String shuffle, long timeMillis) {
    Shuffle input =
        plan.shuffles().stream()
            .filter(one -> one.name().equals(shuffle))
            .findFirst()
            .orElseThrow();
    Hit hit = new Hit("h", Instant.ofEpochMilli(timeMillis));
    return program
        .input(input)
        .event(KeyCodec.encode("h"), timeMillis, RecordCodec.of(Hit.class).encode(hit));
  }

  private StageProgram program(Plan plan, String name) {
    Stage stage =
        plan.stages().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    return StageProgram.create(
        plan,
        stage,
        Grants.asked(plan),
        Lookups.none(),
        Clip.NONE,
        StageState.onHeap(),
        new Recorder());
  }

  private final class Recorder implements StageOutput {
    @Override
    public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
      sent.add(shuffle.name() + " " + timeMillis);
    }

    @Override
    public boolean row(DataSourceNode sink, DataRow row) {
      sent.add(sink.name() + " " + row.timeMillis());
      return true;
    }

    @Override
    public boolean toTopic(TopicNode sink, byte[] key, long timeMillis, byte[] value) {
      return true;
    }

    @Override
    public boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
      return true;
    }

    @Override
    public OutcomeCounter counter(String operator) {
      return new OutcomeCounter() {
        @Override
        public void count(Outcome outcome, long timeMillis) {
          ends.add(operator + " " + outcome + " " + timeMillis);
        }

        @Override
        public void count(Anomaly anomaly, long timeMillis) {
          ends.add(operator + " " + anomaly + " " + timeMillis);
        }
      };
    }
  }
}
