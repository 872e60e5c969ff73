package io.starfire.plan;

import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.HashMap;
import java.util.Map;

/**
 * The event times that each part of a plan must see for the results of one interval to be right. It
 * is computed backwards from the sinks. Immutable.
 *
 * <p>To produce {@code [a, b)}, a stateless operator needs {@code [a, b)} of its input. A join
 * needs {@code [a - before, b + after)} of its secondary, and {@code [a, b)} of its primary.
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
    Map<String, Interval> byShuffle = new HashMap<>();
    for (int i = plan.nodes().size() - 1; i >= 0; i--) {
      PlanNode node = plan.nodes().get(i);
      Interval needed = node instanceof SinkNode ? output : byNode.get(node.name());
      byNode.put(node.name(), needed);
      if (node instanceof JoinNode join) {
        Window window = grants.window(join);
        Interval primary =
            hull(needed, widen(output, window.after().toMillis(), window.before().toMillis()));
        Interval secondary = widen(needed, window.before().toMillis(), window.after().toMillis());
        byShuffle.put(join.name() + "-primary", primary);
        byShuffle.put(join.name() + "-secondary", secondary);
        byNode.merge(join.primary().name(), primary, Reach::hull);
        byNode.merge(join.secondary().name(), secondary, Reach::hull);
      } else {
        node.inputs().forEach(input -> byNode.merge(input.name(), needed, Reach::hull));
      }
    }
    for (SourceNode source : plan.sources()) {
      if (source.hasIdentity()) {
        byShuffle.put(source.name() + "-by-identity", byNode.get(source.name()));
      }
    }
    return new Reach(output, byShuffle, byNode);
  }

  /** The event times of a source that the run must read. */
  public Interval of(SourceNode source) {
    return byNode.get(source.name());
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
}
