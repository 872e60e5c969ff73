package io.starfire.testkit;

import io.starfire.api.Calendar;
import io.starfire.config.StarfireConfig;
import io.starfire.event.RowSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.Planner;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The seeds whose pipelines run on the real drivers in every build: for each thing that is easy to
 * get wrong, the first seed that draws it, and some that were not chosen.
 */
final class DriverSeeds {
  private static final int COUNT = 12;
  private static final long MOST = 10_000;

  private static final RowSchemas SCHEMAS = RowSchemas.of(StarfireConfig.fromMap(ThingRows.CONFIG));

  /**
   * What a pipeline shall have.
   *
   * @param seed the first that had it when this was written: to look for one takes seconds
   */
  private record Wish(long seed, Predicate<Plan> what) {}

  private static final List<Wish> WISHES =
      List.of(
          // One operator with a state: a join that completes on the first match.
          wish(145, plan -> has(plan, 2, 0, 1, 0) && onFirst(plan)),
          // Copies are removed in the stage of a join, on the key of which the identity is read.
          wish(279, plan -> has(plan, 2, 1, 1, 0) && plan.stages().size() == 3),
          // Copies are removed, and two joins, one of a stream with itself.
          wish(31, plan -> has(plan, 1, 1, 2, 0) && joinsItself(plan)),
          // Joins and groups, of which one adds up and one collects, one by the calendar.
          wish(548, plan -> has(plan, 2, 1, 1, 2) && addsAndCollects(plan)),
          // A branch, orphans, and a union of the results of one stage and those of another.
          wish(149, DriverSeeds::mixes),
          // Three sources, three joins.
          wish(43, plan -> has(plan, 3, 2, 3, 0)),
          // Joins that complete on the first match, one of a stream with itself.
          wish(2020, plan -> has(plan, 2, 1, 2, 1) && onFirst(plan) && joinsItself(plan)),
          // One source that joins itself, and is grouped twice.
          wish(290, plan -> has(plan, 1, 0, 1, 2) && joinsItself(plan)),
          // Copies of rows are removed, rows are joined, and grouped by rows.
          wish(
              103,
              plan -> has(plan, 2, 1, 1, 1) && plan.sources().get(0).type() instanceof RowSchema));

  private DriverSeeds() {}

  private static Wish wish(long seed, Predicate<Plan> what) {
    return new Wish(seed, what);
  }

  static Set<Long> ofTheBuild() {
    Set<Long> seeds = new TreeSet<>();
    for (Wish wish : WISHES) {
      seeds.add(
          LongStream.concat(LongStream.of(wish.seed()), LongStream.range(0, MOST))
              .filter(seed -> !seeds.contains(seed) && wish.what().test(plan(seed)))
              .findFirst()
              .orElseThrow());
    }
    for (long seed = 0; seeds.size() < COUNT; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  static Plan plan(long seed) {
    return Planner.plan(new DrawnPipeline(seed), SCHEMAS);
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
}
