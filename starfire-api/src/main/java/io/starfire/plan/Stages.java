package io.starfire.plan;

import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts the operators of a plan into stages at every shuffle. */
final class Stages {
  private final Consumers consumers;
  private final Map<String, Draft> drafts = new LinkedHashMap<>();

  private Stages(List<PlanNode> nodes) {
    this.consumers = new Consumers(nodes);
  }

  static List<Stage> of(List<PlanNode> nodes) {
    Stages cut = new Stages(nodes);
    for (PlanNode node : nodes) {
      if (node instanceof SourceNode || node instanceof KeyedNode) {
        Draft draft = cut.new Draft(node);
        cut.drafts.put(node.name(), draft);
        draft.collect(node);
      }
    }
    return cut.drafts.values().stream().map(cut::finish).toList();
  }

  private Stage finish(Draft draft) {
    List<Shuffle> inputs = new ArrayList<>();
    if (draft.head instanceof KeyedNode keyed) {
      for (int port = 0; port < keyed.ports().size(); port++) {
        for (Draft writer : writers(new Target(keyed, port))) {
          inputs.add(shuffle(writer, new Target(keyed, port)));
        }
      }
    }
    return new Stage(
        draft.head.name(),
        draft.head,
        draft.head instanceof KeyedNode keyed ? List.of(keyed) : List.of(),
        inputs,
        draft.targets.stream().map(target -> shuffle(draft, target)).toList(),
        draft.sinks);
  }

  private List<Draft> writers(Target target) {
    return drafts.values().stream().filter(draft -> draft.targets.contains(target)).toList();
  }

  /** A shuffle is named after its port, and after its writer too if the port has several. */
  private Shuffle shuffle(Draft writer, Target target) {
    String port = target.node().ports().get(target.port()).name();
    boolean alone = writers(target).size() == 1;
    return new Shuffle(
        alone ? port : port + "-from-" + writer.head.name(),
        writer.head.name(),
        target.node(),
        target.port(),
        target.node().name(),
        writer.head instanceof SourceNode);
  }

  /** Where a shuffle ends. */
  private record Target(KeyedNode node, int port) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Target target && node == target.node && port == target.port;
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(node) + port;
    }
  }

  /** A stage without its inputs, which are known when all stages are. */
  private final class Draft {
    private final PlanNode head;
    private final Set<Target> targets = new LinkedHashSet<>();
    private final List<SinkNode> sinks = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private Draft(PlanNode head) {
      this.head = head;
    }

    private void collect(PlanNode node) {
      for (PlanNode consumer : consumers.of(node)) {
        if (consumer instanceof KeyedNode keyed) {
          for (int port = 0; port < keyed.ports().size(); port++) {
            if (keyed.ports().get(port).input() == node) {
              targets.add(new Target(keyed, port));
            }
          }
        } else if (seen.add(consumer.name())) {
          if (consumer instanceof SinkNode sink) {
            sinks.add(sink);
          } else {
            collect(consumer);
          }
        }
      }
    }
  }
}
