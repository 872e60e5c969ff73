package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Planner;
import io.starfire.testkit.RandomEvents.Arrival;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Laws 1 and 5 on the real drivers: Kafka Streams on a broker with several partitions, the first of
 * which is slow to read in two of the pipelines, and a restart and a silence in the middle,
 * MapReduce with several splits and reducers. {@code -Dstarfire.seed=N} draws other events.
 */
class DriverLawsTest {
  private static final Interval INTERVAL = Interval.parse("2026-10-24T22:00Z/PT1M");
  private static final long SEED = Long.getLong("starfire.seed", 20261120L);

  @TempDir private static Path directory;
  private static StreamRuns streams;

  @BeforeAll
  static void startBroker() {
    System.out.println("seed " + SEED);
    streams = new StreamRuns(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    streams.close();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        SeededPipelines.OneShuffle.class,
        SeededPipelines.TwoShuffles.class,
        SeededPipelines.Groups.class,
        SeededPipelines.Mixed.class,
        SeededPipelines.OneStage.class
      })
  void streamBatchAndReferenceAgree(Class<?> pipeline) throws Exception {
    requireLaws(pipeline);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(
      classes = {
        SeededPipelines.SelfJoin.class,
        SeededPipelines.ThreeSources.class,
        SeededPipelines.AllOnFirst.class,
        SeededPipelines.Alone.class
      })
  void streamBatchAndReferenceAgreeOnMorePipelines(Class<?> pipeline) throws Exception {
    requireLaws(pipeline);
  }

  private static void requireLaws(Class<?> pipeline) throws Exception {
    Plan plan = Planner.plan(pipeline.getName(), DriverLawsTest.class.getClassLoader());
    SplittableRandom random = new SplittableRandom(SEED);
    List<Arrival> arrivals = RandomEvents.draw(plan, random, 200);
    Results expected =
        ReferenceDriver.run(
            plan, Grants.asked(plan), RandomEvents.lookups(), RandomEvents.bySource(arrivals));
    Map<String, Map<RowValue, Long>> rows = expected.within(INTERVAL).rows();
    assertThat(rows).isNotEmpty();

    Path own = directory.resolve(pipeline.getSimpleName());
    BatchRuns.Answer batch =
        BatchRuns.run(pipeline, plan, arrivals, INTERVAL, own.resolve("batch"));
    assertThat(batch.rows()).isEqualTo(rows);
    assertThat(withoutMargins(batch.outcomes()))
        .isEqualTo(names(expected.within(INTERVAL).outcomes()));

    StreamRuns.Answer stream =
        streams.run(pipeline, plan, arrivals, INTERVAL, random, own.resolve("stream"));
    assertThat(stream.rows()).isEqualTo(rows);
    assertThat(stream.status().outcomes().toString()).doesNotContain("LATE");
    for (SourceNode source : plan.sources()) {
      long events = arrivals.stream().filter(one -> one.source().equals(source.name())).count();
      assertThat(stream.status().count(source.name(), "EMITTED"))
          .as("events and the three that close the partitions")
          .isEqualTo(events + 3);
    }
  }

  private static Map<String, Map<String, Long>> withoutMargins(
      Map<String, Map<String, Long>> outcomes) {
    Map<String, Map<String, Long>> inside = new TreeMap<>();
    outcomes.forEach(
        (operator, counts) -> {
          Map<String, Long> kept = new TreeMap<>(counts);
          kept.remove(Outcome.MARGIN.name());
          kept.values().removeIf(count -> count == 0);
          if (!kept.isEmpty()) {
            inside.put(operator, kept);
          }
        });
    return inside;
  }

  private static Map<String, Map<String, Long>> names(Map<String, Map<Outcome, Long>> outcomes) {
    Map<String, Map<String, Long>> named = new TreeMap<>();
    outcomes.forEach(
        (operator, counts) ->
            counts.forEach(
                (outcome, count) ->
                    named
                        .computeIfAbsent(operator, name -> new TreeMap<>())
                        .put(outcome.name(), count)));
    return named;
  }
}
