package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.FilterNode;
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

/**
 * Cuts the operators of a plan into stages at every shuffle.
 *
 * <p>The removal of duplicates needs no stage of its own if all that it sends over a shuffle goes
 * to one operator, under a key that the very function of the identity reads: then that operator's
 * stage gets the same events in the same places.
 */
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
    nodes.stream().filter(DedupNode.class::isInstance).forEach(node -> cut.join((DedupNode) node));
    return cut.drafts.values().stream().map(cut::finish).toList();
  }

  private Draft draft(String keyedNode) {
    return requireNonNull(drafts.get(keyedNode), keyedNode);
  }

  /** Lets duplicates be removed in the stage of the only operator that needs the result, if any. */
  private void join(DedupNode dedup) {
    Draft own = draft(dedup.name());
    Set<String> receivers = new HashSet<>();
    for (Target target : own.targets) {
      Port port = target.port();
      receivers.add(target.node().name());
      if (port.key() != dedup.source().identity() || !isUnchanged(port.input(), dedup)) {
        return;
      }
    }
    if (receivers.size() == 1) {
      Draft receiver = draft(receivers.iterator().next());
      receiver.keyed.add(receiver.keyed.size() - 1, dedup);
      own.sinks.stream()
          .filter(sink -> !receiver.sinks.contains(sink))
          .forEach(receiver.sinks::add);
      receiver.local.addAll(own.targets);
      drafts.remove(dedup.name());
    }
  }

  /** Whether the events of a node are those of another, or some of them. */
  private static boolean isUnchanged(PlanNode node, PlanNode from) {
    return node == from || (node instanceof FilterNode filter && isUnchanged(filter.input(), from));
  }

  private Stage finish(Draft draft) {
    List<Shuffle> inputs = new ArrayList<>();
    for (KeyedNode keyed : draft.keyed) {
      for (int port = 0; port < keyed.ports().size(); port++) {
        Target target = new Target(keyed, port);
        if (!draft.local.contains(target)) {
          writers(target).forEach(writer -> inputs.add(shuffle(writer, target)));
        }
      }
    }
    return new Stage(
        draft.head.name(),
        draft.head,
        draft.keyed,
        inputs,
        draft.targets.stream().map(target -> shuffle(draft, target)).toList(),
        draft.sinks);
  }

  private List<Draft> writers(Target target) {
    return drafts.values().stream().filter(draft -> draft.targets.contains(target)).toList();
  }

  /** A shuffle is named after its port, and after its writer too if the port has several. */
  private Shuffle shuffle(Draft writer, Target target) {
    String port = target.port().name();
    boolean alone = writers(target).size() == 1;
    return new Shuffle(
        alone ? port : port + "-from-" + writer.head.name(),
        writer.head.name(),
        target.node(),
        target.index(),
        stageOf(target.node()).head.name(),
        writer.head instanceof SourceNode);
  }

  private Draft stageOf(KeyedNode node) {
    return drafts.values().stream()
        .filter(draft -> draft.keyed.stream().anyMatch(keyed -> keyed == node))
        .findFirst()
        .orElseThrow();
  }

  /** Where a shuffle ends. */
  private record Target(KeyedNode node, int index) {
    private Port port() {
      return node.ports().get(index);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Target target && node == target.node && index == target.index;
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(node) + index;
    }
  }

  /** A stage without its inputs, which are known when all stages are. */
  private final class Draft {
    private final PlanNode head;
    private final List<KeyedNode> keyed = new ArrayList<>();
    private final Set<Target> targets = new LinkedHashSet<>();
    private final Set<Target> local = new HashSet<>();
    private final List<SinkNode> sinks = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private Draft(PlanNode head) {
      this.head = head;
      if (head instanceof KeyedNode node) {
        keyed.add(node);
      }
    }

    private void collect(PlanNode node) {
      for (PlanNode consumer : consumers.of(node)) {
        if (consumer instanceof KeyedNode receiver) {
          for (int port = 0; port < receiver.ports().size(); port++) {
            if (receiver.ports().get(port).input() == node) {
              targets.add(new Target(receiver, port));
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
