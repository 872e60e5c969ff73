package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.PlanNode.SinkNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long after its event time a result can reach each sink of a stream. For example, lateness of
 * 1 minute and a join with {@code after} 15 minutes make 16 minutes: the lateness counts once, and
 * what every join on the way holds back is added. Immutable.
 *
 * @param bySink the delay by the label of the sink, such as the name of a data source
 */
public record DelayBudget(Map<String, Duration> bySink) {
  public DelayBudget {
    bySink = Map.copyOf(bySink);
  }

  public static DelayBudget of(Plan plan, Grants grants, Duration lateness) {
    HoldBack holdBack = new HoldBack(grants);
    Map<String, Duration> above = new TreeMap<>();
    Map<String, Duration> bySink = new TreeMap<>();
    for (PlanNode node : plan.nodes()) {
      Duration longest = Duration.ZERO;
      for (PlanNode input : node.inputs()) {
        Duration held = requireNonNull(above.get(input.name()), input.name());
        longest = held.compareTo(longest) > 0 ? held : longest;
      }
      above.put(node.name(), longest.plus(holdBack.of(node)));
      if (node instanceof SinkNode sink) {
        bySink.put(sink.label(), lateness.plus(longest));
      }
    }
    return new DelayBudget(bySink);
  }
}
