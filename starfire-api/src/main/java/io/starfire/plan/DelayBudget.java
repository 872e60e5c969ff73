package io.starfire.plan;

import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.SinkNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long after its event time a result can reach each sink of a stream. For example, lateness of
 * 1 minute and a join with {@code after} 15 minutes make 16 minutes: the lateness counts once, and
 * the {@code after} of every join on the way is added. Immutable.
 *
 * @param bySink the delay by the name of the data source
 */
public record DelayBudget(Map<String, Duration> bySink) {
  public DelayBudget {
    bySink = Map.copyOf(bySink);
  }

  public static DelayBudget of(Plan plan, Grants grants, Duration lateness) {
    Map<String, Duration> bySink = new TreeMap<>();
    for (SinkNode sink : plan.sinks()) {
      bySink.put(sink.dataSource().schema().name(), lateness.plus(heldBack(sink, grants)));
    }
    return new DelayBudget(bySink);
  }

  /** The longest time that the operators from the sources to {@code node} hold events back. */
  public static Duration heldBack(PlanNode node, Grants grants) {
    Duration above = Duration.ZERO;
    for (PlanNode input : node.inputs()) {
      Duration held = heldBack(input, grants);
      above = held.compareTo(above) > 0 ? held : above;
    }
    return node instanceof JoinNode join ? above.plus(grants.window(join).after()) : above;
  }
}
