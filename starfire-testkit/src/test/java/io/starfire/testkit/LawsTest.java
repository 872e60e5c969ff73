package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.Flow;
import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.Planner;
import io.starfire.plan.Shuffle;
import io.starfire.testkit.RandomEvents.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The laws of the semantics, for random pipelines on random events, over the stage programs that
 * both drivers run. {@code -Dstarfire.seed=N} runs one seed alone; a failure names its own.
 */
class LawsTest {
  private static final long START = RandomEvents.START_MILLIS;
  private static final int MOST_PLANS = 1_000;

  private static final Map<Drawn, Plan> PLANS = new HashMap<>();
  private static final Plan TWO_MINUTE_JOIN = Planner.plan(new TwoMinuteJoin());

  private static final Interval ALL = new Interval(START, START + 1000L * RandomEvents.SECONDS);

  static LongStream seeds() {
    Long only = Long.getLong("starfire.seed");
    return only != null
        ? LongStream.of(only)
        : LongStream.range(0, Long.getLong("starfire.seeds", 300));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void streamBatchAndReferenceAgreeOnAnyInterval(long seed) {
    Case one = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    Interval interval = one.interval();
    Results expected = one.reference().within(interval);
    requireEqual(expected, one.stream().results().within(interval));
    requireEqual(expected, one.batch(interval).results());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void adjacentBatchRunsAddUpToOneOverBoth(long seed) {
    Case one = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    Interval left = one.interval();
    Interval right =
        new Interval(left.endMillis(), left.endMillis() + 1 + one.random.nextLong(20_000));
    Results both = one.batch(left).results().plus(one.batch(right).results());
    requireEqual(one.batch(new Interval(left.startMillis(), right.endMillis())).results(), both);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void arrivalOrderParallelismAndRestartsChangeNothing(long seed) {
    Case one = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    Results expected = one.stream().results();
    List<Arrival> shuffled = RandomEvents.shuffled(one.arrivals, one.random);
    requireEqual(
        expected, SimulatedStream.run(one.plan, one.grants, shuffled, one.random).results());
    requireEqual(
        one.batch(ALL).results(),
        SimulatedBatch.run(one.plan, one.grants, shuffled, ALL, 1 + one.random.nextInt(5))
            .results());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void completingOnTheFirstMatchOrOnAllChangesNothing(long seed) {
    Case always = Case.of(seed, RandomPipeline.Early.ALWAYS);
    Case never = Case.of(seed, RandomPipeline.Early.NEVER);
    requireEqual(never.stream().results(), always.stream().results());
    requireEqual(never.batch(ALL).results(), always.batch(ALL).results());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oneFunctionForIdentityAndKeyOrTwoChangesNothing(long seed) {
    Case shared = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    Case apart = Case.of(seed, new RandomPipeline(seed, RandomPipeline.Early.AS_DRAWN, false));
    assertThat(apart.plan.stages()).hasSizeGreaterThanOrEqualTo(shared.plan.stages().size());
    requireEqual(apart.stream().results(), shared.stream().results());
    Interval interval = shared.interval();
    requireEqual(apart.batch(interval).results(), shared.batch(interval).results());
  }

  /** Each of these runs a pipeline six times. */
  static LongStream fewerSeeds() {
    return seeds().filter(seed -> seed % 3 == 0 || Long.getLong("starfire.seed") != null);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewerSeeds")
  void eventsAsRecordsOrAsRowsGiveTheSame(long seed) {
    Case records = Case.of(seed, inForm(seed, new ThingRecords()));
    Case rows = Case.of(seed, inForm(seed, new ThingRows()));
    Map<String, Map<RowValue, Long>> expected = records.reference().rows();
    assertThat(rows.reference().rows()).isEqualTo(expected);
    assertThat(rows.stream().results().rows()).isEqualTo(expected);
    assertThat(rows.batch(ALL).results().rows()).isEqualTo(records.reference().within(ALL).rows());
  }

  private static RandomPipeline inForm(long seed, ThingForm<?> form) {
    return new RandomPipeline(seed, RandomPipeline.Early.AS_DRAWN, true) {
      @Override
      protected ThingForm<?> form(Flow flow) {
        return form;
      }
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void copiesOfIdentifiedEventsChangeNoRow(long seed) {
    Case one = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    List<Arrival> more = new ArrayList<>(one.arrivals);
    for (Arrival arrival : one.arrivals) {
      boolean identified =
          one.plan.sources().stream()
              .anyMatch(source -> source.name().equals(arrival.source()) && source.hasIdentity());
      if (identified && arrival.thing().id() != null) {
        more.add(arrival);
      }
    }
    List<Arrival> shuffled = RandomEvents.shuffled(more, one.random);
    assertThat(SimulatedStream.run(one.plan, one.grants, shuffled, one.random).results().rows())
        .isEqualTo(one.reference().rows());
    assertThat(SimulatedBatch.run(one.plan, one.grants, shuffled, ALL, 2).results().rows())
        .isEqualTo(one.reference().within(ALL).rows());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyEventThatEntersAnOperatorEndsInOneOutcome(long seed) {
    Case one = Case.of(seed, RandomPipeline.Early.AS_DRAWN);
    requireConserved(one, one.stream(), one.arrivals.size());
    requireConserved(one, one.batch(one.interval()), -1);
  }

  private static void requireConserved(Case one, SimulatedBatch.Run run, long events) {
    Results results = run.results();
    Map<String, Long> sent = new TreeMap<>();
    for (Shuffle shuffle : one.plan.shuffles()) {
      long count = run.sent().getOrDefault(shuffle.name(), 0L);
      sent.merge(shuffle.port().operator(), count, Long::sum);
    }
    sent.forEach(
        (operator, count) -> assertThat(results.ended(operator)).as(operator).isEqualTo(count));
    if (events >= 0) {
      long sources =
          one.plan.sources().stream().mapToLong(source -> results.ended(source.name())).sum();
      assertThat(sources).isEqualTo(events);
      one.plan.nodes().forEach(node -> requireAllTaken(node, results));
    }
  }

  /** What is put out at an input is what is taken there, as far as outcomes say both. */
  private static void requireAllTaken(PlanNode node, Results results) {
    if (node instanceof KeyedNode || node.inputs().isEmpty()) {
      return;
    }
    long put = 0;
    for (PlanNode input : node.inputs()) {
      if (input instanceof FlatMapNode || input instanceof GroupNode) {
        return;
      }
      put += putOut(input, node, results);
    }
    assertThat(results.ended(node.name())).as(node.name()).isEqualTo(put);
  }

  private static long putOut(PlanNode node, PlanNode consumer, Results results) {
    if (node instanceof BranchNode branch) {
      long others =
          branch.outputs().stream()
              .map(output -> branch.name() + "-" + output)
              .filter(name -> !name.equals(consumer.name()))
              .mapToLong(results::ended)
              .sum();
      return count(branch.name(), Outcome.EMITTED, results) - others;
    }
    if (consumer instanceof OrphansNode) {
      return count(node.name() + "-secondary", Outcome.ORPHAN, results);
    }
    String operator =
        node instanceof KeyedNode keyed ? keyed.ports().get(0).operator() : node.name();
    return count(operator, Outcome.EMITTED, results);
  }

  private static long count(String operator, Outcome outcome, Results results) {
    return results.outcomes().getOrDefault(operator, Map.of()).getOrDefault(outcome, 0L);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLargerWindowOnlyAddsMatches(long seed) {
    Plan plan = TWO_MINUTE_JOIN;
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = RandomEvents.draw(plan, random, 40);
    Duration small = Duration.ofSeconds(random.nextInt(10));
    Duration large = small.plusSeconds(random.nextInt(10));
    Map<Object, Long> few = matchesByPrimary(plan, small, arrivals);
    Map<Object, Long> many = matchesByPrimary(plan, large, arrivals);
    assertThat(many.keySet()).isEqualTo(few.keySet());
    few.forEach(
        (primary, matches) -> assertThat(many.get(primary)).isGreaterThanOrEqualTo(matches));
  }

  private static Map<Object, Long> matchesByPrimary(
      Plan plan, Duration limit, List<Arrival> arrivals) {
    Grants grants = Grants.limited(plan, limit, Map.of());
    Map<Object, Long> matches = new TreeMap<>();
    SimulatedBatch.run(plan, grants, arrivals, ALL, 2)
        .results()
        .rows()
        .getOrDefault("matches", Map.of())
        .forEach(
            (row, count) ->
                matches.merge(
                    row.timeMillis() + " " + row.dimensions(),
                    row.metricBits().get(0) * count,
                    Long::sum));
    return matches;
  }

  private static void requireEqual(Results expected, Results actual) {
    assertThat(actual.rows()).isEqualTo(expected.rows());
    assertThat(actual.outcomes()).isEqualTo(expected.outcomes());
  }

  /** What is planned. */
  private record Drawn(long seed, RandomPipeline.Early early) {}

  /** Most laws ask for the same plan, and to plan takes as long as to run. */
  private static Plan plan(long seed, RandomPipeline.Early early) {
    Drawn drawn = new Drawn(seed, early);
    Plan known = PLANS.get(drawn);
    if (known == null) {
      known = Planner.plan(new RandomPipeline(seed, early, true));
      if (PLANS.size() < MOST_PLANS) {
        PLANS.put(drawn, known);
      }
    }
    return known;
  }

  /** A random pipeline with random events. */
  private record Case(Plan plan, Grants grants, List<Arrival> arrivals, SplittableRandom random) {
    static Case of(long seed, RandomPipeline.Early early) {
      return of(seed, LawsTest.plan(seed, early));
    }

    static Case of(long seed, RandomPipeline pipeline) {
      return of(seed, Planner.plan(pipeline));
    }

    private static Case of(long seed, Plan plan) {
      SplittableRandom random = new SplittableRandom(seed);
      return new Case(
          plan,
          Grants.asked(plan),
          RandomEvents.draw(plan, random, 1 + random.nextInt(60)),
          random);
    }

    /** Not aligned to anything: the drivers ask for whole buckets, the laws do not. */
    Interval interval() {
      long from = START + random.nextLong(30_000);
      return new Interval(from, from + random.nextLong(30_000));
    }

    Results reference() {
      return ReferenceDriver.run(
          plan, grants, RandomEvents.lookups(), RandomEvents.bySource(arrivals));
    }

    SimulatedBatch.Run batch(Interval interval) {
      return SimulatedBatch.run(plan, grants, arrivals, interval, 1 + random.nextInt(4));
    }

    SimulatedBatch.Run stream() {
      return SimulatedStream.run(plan, grants, arrivals, random);
    }
  }
}
