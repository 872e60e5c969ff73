package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.testkit.RandomEvents.Arrival;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Laws 1 and 5 on the real drivers: Kafka Streams on a broker with several partitions, of which one
 * is slow to read, in two processes' worth of daemons, of which one restarts in the middle, after a
 * silence, and the other leaves at the end; MapReduce with several splits and reducers. {@code
 * -Dstarfire.seed=N} runs one pipeline alone; a failure names its own. Several run at once, since
 * they wait more than they work.
 */
class DriverLawsTest {
  private static final Interval INTERVAL = Interval.parse("2026-10-24T22:00Z/PT1M");
  private static final int EVENTS = 150;
  private static final int AT_ONCE = 3;

  @TempDir private Path directory;
  private StreamRuns streams;

  /** One batch run at a time: its tasks find their pipeline by the name of its class. */
  private final ExecutorService batches = Executors.newSingleThreadExecutor();

  private final ExecutorService cases = Executors.newFixedThreadPool(AT_ONCE);

  @BeforeEach
  void startBroker() {
    streams = new StreamRuns(directory.resolve("kafka"));
  }

  @AfterEach
  void stopBroker() {
    batches.shutdownNow();
    cases.shutdownNow();
    streams.close();
  }

  LongStream seeds() {
    return DriverSeeds.ofTheBuild().stream().mapToLong(Long::longValue);
  }

  @Test
  void streamBatchAndReferenceAgree() throws Exception {
    Long only = Long.getLong("starfire.seed");
    Map<Long, Future<?>> running = new LinkedHashMap<>();
    for (long seed : only != null ? new long[] {only} : seeds().toArray()) {
      running.put(seed, cases.submit(() -> requireLaws(seed)));
    }
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<Long, Future<?>> one : running.entrySet()) {
      try {
        one.getValue().get();
      } catch (ExecutionException e) {
        all.fail("seed %d: %s".formatted(one.getKey(), e.getCause()), e.getCause());
      }
    }
    all.assertAll();
  }

  @Test
  void thePipelinesOfTheBuildHaveEveryOperator() {
    Set<Class<?>> used =
        DriverSeeds.ofTheBuild().stream()
            .flatMap(seed -> DriverSeeds.plan(seed).nodes().stream())
            .map(Object::getClass)
            .collect(Collectors.toSet());
    assertThat(used).containsAll(operators(PlanNode.class).toList());
  }

  private static Stream<Class<?>> operators(Class<?> family) {
    return family.isSealed()
        ? Stream.of(family.getPermittedSubclasses()).flatMap(DriverLawsTest::operators)
        : Stream.of(family);
  }

  private Void requireLaws(long seed) throws Exception {
    Plan plan = DriverSeeds.plan(seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = RandomEvents.draw(plan, random, EVENTS);
    Results expected =
        ReferenceDriver.run(
            plan, Grants.asked(plan), RandomEvents.lookups(), RandomEvents.bySource(arrivals));
    Map<String, Map<RowValue, Long>> rows = expected.within(INTERVAL).rows();
    Path own = directory.resolve("seed" + seed);
    Future<BatchRuns.Answer> running = batches.submit(() -> batch(seed, plan, arrivals, own));

    StreamRuns.Answer stream =
        streams.run("seed" + seed, plan, arrivals, INTERVAL, random, own.resolve("stream"));
    assertThat(stream.rows()).isEqualTo(without("files ", rows));
    assertThat(stream.outcomes().toString()).doesNotContain("LATE");

    BatchRuns.Answer batch = running.get();
    assertThat(batch.rows()).isEqualTo(without("topic ", rows));
    assertThat(withoutMargins(batch.outcomes()))
        .isEqualTo(withoutTopics(plan, names(expected.within(INTERVAL).outcomes())));
    System.out.printf("seed %d: %s%n", seed, plan.nodes().stream().map(PlanNode::name).toList());
    return null;
  }

  private static BatchRuns.Answer batch(
      long seed, Plan plan, List<Arrival> arrivals, Path directory) throws Exception {
    DrawnPipeline.ofRun(seed);
    return BatchRuns.run(DrawnPipeline.class, plan, arrivals, INTERVAL, directory.resolve("batch"));
  }

  /** A run writes no topics, the stream no files. */
  private static Map<String, Map<RowValue, Long>> without(
      String kind, Map<String, Map<RowValue, Long>> rows) {
    Map<String, Map<RowValue, Long>> some = new TreeMap<>(rows);
    some.keySet().removeIf(sink -> sink.startsWith(kind));
    return some;
  }

  /** What a run does not write it does not count. */
  private static Map<String, Map<String, Long>> withoutTopics(
      Plan plan, Map<String, Map<String, Long>> outcomes) {
    Map<String, Map<String, Long>> some = new TreeMap<>(outcomes);
    some.keySet().removeAll(plan.topics().stream().map(TopicNode::name).toList());
    return some;
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
