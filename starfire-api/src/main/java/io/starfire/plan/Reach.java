package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The event times that each part of a plan must see for the results of one interval to be right. It
 * is computed backwards from the sinks. Immutable.
 *
 * <p>To produce {@code [a, b)}, a stateless operator needs {@code [a, b)} of its input. A join
 * needs {@code [a - before, b + after)} of its secondary, and {@code [a, b)} of its primary. A
 * group needs {@code [a, b)} rounded out to whole windows.
 *
 * <p>A join also needs {@code [A - after, B + before)} of its primary, where {@code [A, B)} is the
 * run's interval. Without it, a secondary in {@code [A, B)} that has a match outside would count as
 * an orphan, and the outcomes of adjacent runs would not add up to those of one run over both.
 *
 * @param output the run's interval; results outside are dropped, and outcomes outside not counted
 * @param byShuffle the event times that each shuffle must carry, by its name
 * @param byNode the event times that each operator must produce, by its name
 */
public record Reach(
    Interval output, Map<String, Interval> byShuffle, Map<String, Interval> byNode) {
  public Reach {
    byShuffle = Map.copyOf(byShuffle);
    byNode = Map.copyOf(byNode);
  }

  /** Computes the reach of a run that produces {@code output} with the granted windows. */
  public static Reach of(Plan plan, Grants grants, Interval output) {
    Map<String, Interval> byNode = new HashMap<>();
    Map<String, List<Interval>> byPort = new HashMap<>();
    for (int i = plan.nodes().size() - 1; i >= 0; i--) {
      PlanNode node = plan.nodes().get(i);
      Interval needed = node instanceof SinkNode ? output : byNode.get(node.name());
      byNode.put(node.name(), needed);
      List<Interval> inputs =
          node.accept(new Needs(grants, output, requireNonNull(needed, node.name())));
      byPort.put(node.name(), inputs);
      for (int input = 0; input < inputs.size(); input++) {
        byNode.merge(node.inputs().get(input).name(), inputs.get(input), Reach::hull);
      }
    }
    Map<String, Interval> byShuffle = new HashMap<>();
    for (Shuffle shuffle : plan.shuffles()) {
      List<Interval> ports = requireNonNull(byPort.get(shuffle.to().name()), shuffle.name());
      byShuffle.put(shuffle.name(), ports.get(shuffle.portIndex()));
    }
    return new Reach(output, byShuffle, byNode);
  }

  /** The event times of a source that the run must read. */
  public Interval of(SourceNode source) {
    return requireNonNull(byNode.get(source.name()), source.name());
  }

  /** The smallest interval that contains the event times of all sources that the run must read. */
  public Interval hullOfSources(Plan plan) {
    return plan.sources().stream().map(this::of).reduce(output, Reach::hull);
  }

  private static Interval hull(Interval left, Interval right) {
    return new Interval(
        Math.min(left.startMillis(), right.startMillis()),
        Math.max(left.endMillis(), right.endMillis()));
  }

  private static Interval widen(Interval interval, long beforeMillis, long afterMillis) {
    return new Interval(
        Math.max(Times.MIN_MILLIS, interval.startMillis() - beforeMillis),
        Math.min(Times.END_MILLIS, interval.endMillis() + afterMillis));
  }

  /** What an operator needs of each of its inputs to produce {@code needed}. */
  private record Needs(Grants grants, Interval output, Interval needed)
      implements PlanVisitor<List<Interval>> {
    @Override
    public List<Interval> source(SourceNode node) {
      return List.of();
    }

    @Override
    public List<Interval> dedup(DedupNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> map(MapNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> flatMap(FlatMapNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> filter(FilterNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> enrich(EnrichNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> enhance(EnhanceNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> join(JoinNode node) {
      Window window = grants.window(node);
      long before = window.before().toMillis();
      long after = window.after().toMillis();
      // Orphans in what is needed have no match only if all primaries around them are there.
      Interval around = widen(node.keepsOrphans() ? needed : output, after, before);
      return List.of(hull(needed, around), widen(needed, before, after));
    }

    @Override
    public List<Interval> orphans(OrphansNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> union(UnionNode node) {
      return Collections.nCopies(node.inputs().size(), needed);
    }

    @Override
    public List<Interval> branch(BranchNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> branchOutput(BranchOutputNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> group(GroupNode node) {
      if (needed.isEmpty()) {
        return List.of(needed);
      }
      long start = node.windows().windowOf(needed.startMillis()).startMillis();
      long end = node.windows().windowOf(needed.endMillis() - 1).endMillis();
      return List.of(new Interval(start, Math.min(Times.END_MILLIS, end)));
    }

    @Override
    public List<Interval> dataSource(DataSourceNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> topic(TopicNode node) {
      return List.of(needed);
    }

    @Override
    public List<Interval> files(FilesNode node) {
      return List.of(needed);
    }
  }
}
