package io.starfire.testkit;

import io.starfire.api.Calendar;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.Planner;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Random pipelines as classes of their own, since only a class's name travels to the tasks. Each is
 * the first one drawn that has what it is to have.
 */
final class SeededPipelines {
  private static final long SLOWNESS_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final long MOST = 10_000;
  private static final Map<Class<?>, Long> SEEDS = new ConcurrentHashMap<>();

  private SeededPipelines() {}

  /** Whether reading it takes long. Most of these are sent to one partition, whose task is slow. */
  static boolean isSlow(Thing thing) {
    return Math.floorMod(thing.number(), 3) == 0;
  }

  /** The same for every task of this process: finding it takes seconds. */
  private static long first(Class<?> pipeline, Predicate<Plan> wanted) {
    return SEEDS.computeIfAbsent(
        pipeline,
        type ->
            LongStream.range(0, MOST)
                .filter(seed -> wanted.test(Planner.plan(new RandomPipeline(seed))))
                .findFirst()
                .orElseThrow());
  }

  private static boolean has(Plan plan, int sources, int dedups, int joins, int groups) {
    return plan.sources().size() == sources
        && count(plan, DedupNode.class) == dedups
        && count(plan, JoinNode.class) == joins
        && count(plan, GroupNode.class) == groups;
  }

  private static long count(Plan plan, Class<? extends PlanNode> kind) {
    return plan.nodes().stream().filter(kind::isInstance).count();
  }

  private static boolean onFirst(Plan plan) {
    return plan.joins().stream().allMatch(JoinNode::completesOnFirst);
  }

  private static boolean joinsItself(Plan plan) {
    return plan.joins().stream().anyMatch(join -> join.primary() == join.secondary());
  }

  private static Stream<GroupNode> groups(Plan plan) {
    return plan.nodes().stream().filter(GroupNode.class::isInstance).map(GroupNode.class::cast);
  }

  private static boolean addsAndCollects(Plan plan) {
    return groups(plan).map(group -> group.form().getClass()).distinct().count() == 2
        && groups(plan).anyMatch(group -> group.windows() instanceof Calendar);
  }

  private static boolean mixes(Plan plan) {
    return plan.stages().size() < 8
        && count(plan, BranchNode.class) > 0
        && count(plan, OrphansNode.class) > 0
        && plan.shuffles().stream().anyMatch(shuffle -> shuffle.name().contains("-from-"));
  }

  /** A random pipeline that is slow to read some of its events. */
  private static class Slow extends RandomPipeline {
    private Slow(long seed) {
      super(seed);
    }

    @Override
    protected Instant timeOf(Thing thing) {
      if (isSlow(thing)) {
        LockSupport.parkNanos(SLOWNESS_NANOS);
      }
      return thing.at();
    }
  }

  /** One operator with a state: a join that completes on the first match. */
  public static final class OneShuffle extends Slow {
    public OneShuffle() {
      super(first(OneShuffle.class, plan -> has(plan, 2, 0, 1, 0) && onFirst(plan)));
    }
  }

  /** Copies are removed, then a join that completes on the first match. */
  public static final class TwoShuffles extends Slow {
    public TwoShuffles() {
      super(first(TwoShuffles.class, plan -> has(plan, 2, 1, 1, 0) && onFirst(plan)));
    }
  }

  /** Copies are removed, and two joins, one of a stream with itself. */
  public static final class SelfJoin extends RandomPipeline {
    public SelfJoin() {
      super(first(SelfJoin.class, plan -> has(plan, 1, 1, 2, 0) && joinsItself(plan)));
    }
  }

  /** Joins and groups, of which one adds up and one collects, one by the calendar. */
  public static final class Groups extends RandomPipeline {
    public Groups() {
      super(first(Groups.class, plan -> has(plan, 2, 1, 1, 2) && addsAndCollects(plan)));
    }
  }

  /** A branch, orphans, and a union that joins the results of one stage to those of another. */
  public static final class Mixed extends RandomPipeline {
    public Mixed() {
      super(first(Mixed.class, SeededPipelines::mixes));
    }
  }

  /** Duplicates are removed in the stage of a join, on the key of which the identity is read. */
  public static final class OneStage extends RandomPipeline {
    public OneStage() {
      super(first(OneStage.class, plan -> has(plan, 2, 1, 1, 0) && plan.stages().size() == 3));
    }
  }

  /** Three sources, three joins. */
  public static final class ThreeSources extends RandomPipeline {
    public ThreeSources() {
      super(first(ThreeSources.class, plan -> has(plan, 3, 2, 3, 0)));
    }
  }

  /** Joins that complete on the first match, one of a stream with itself. */
  public static final class AllOnFirst extends RandomPipeline {
    public AllOnFirst() {
      super(
          first(
              AllOnFirst.class,
              plan -> has(plan, 2, 1, 2, 1) && onFirst(plan) && joinsItself(plan)));
    }
  }

  /** One source that joins itself, and is grouped twice. */
  public static final class Alone extends RandomPipeline {
    public Alone() {
      super(first(Alone.class, plan -> has(plan, 1, 0, 1, 2) && joinsItself(plan)));
    }
  }
}
