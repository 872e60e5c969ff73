package io.starfire.plan;

import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.ArrayList;
import java.util.List;

/** Cuts the operators of a plan into stages at every shuffle. */
final class Stages {
  private final List<PlanNode> nodes;
  private final List<Stage> stages = new ArrayList<>();

  private Stages(List<PlanNode> nodes) {
    this.nodes = nodes;
  }

  static List<Stage> of(List<PlanNode> nodes) {
    Stages cut = new Stages(nodes);
    for (PlanNode node : nodes) {
      if (node instanceof SourceNode source) {
        cut.addSource(source);
      } else if (node instanceof JoinNode join) {
        cut.addJoin(join);
      }
    }
    return cut.stages;
  }

  private void addSource(SourceNode source) {
    if (!source.hasIdentity()) {
      stages.add(stage(source.name(), Stage.Kind.SOURCE, source, List.of()));
      return;
    }
    String name = source.name() + "-deduplicated";
    Shuffle byIdentity =
        new Shuffle(
            source.name() + "-by-identity", Shuffle.Side.IDENTITY, source, source, name, true);
    stages.add(
        new Stage(
            source.name(), Stage.Kind.SOURCE, source, List.of(), List.of(byIdentity), List.of()));
    stages.add(stage(name, Stage.Kind.DEDUPLICATE, source, List.of(byIdentity)));
  }

  private void addJoin(JoinNode join) {
    stages.add(stage(join.name(), Stage.Kind.JOIN, join, List.of(primary(join), secondary(join))));
  }

  private Stage stage(String name, Stage.Kind kind, PlanNode head, List<Shuffle> inputs) {
    List<Shuffle> outputs = new ArrayList<>();
    List<SinkNode> sinks = new ArrayList<>();
    collect(head, outputs, sinks);
    return new Stage(name, kind, head, inputs, outputs, sinks);
  }

  private void collect(PlanNode node, List<Shuffle> outputs, List<SinkNode> sinks) {
    for (PlanNode consumer : nodes) {
      if (consumer instanceof JoinNode join) {
        if (join.primary() == node) {
          outputs.add(primary(join));
        }
        if (join.secondary() == node) {
          outputs.add(secondary(join));
        }
      } else if (consumer.inputs().contains(node)) {
        if (consumer instanceof SinkNode sink) {
          sinks.add(sink);
        } else {
          collect(consumer, outputs, sinks);
        }
      }
    }
  }

  private static Shuffle primary(JoinNode join) {
    return new Shuffle(
        join.name() + "-primary",
        Shuffle.Side.PRIMARY,
        join.primary(),
        join,
        join.name(),
        !hasState(join.primary()));
  }

  private static Shuffle secondary(JoinNode join) {
    return new Shuffle(
        join.name() + "-secondary",
        Shuffle.Side.SECONDARY,
        join.secondary(),
        join,
        join.name(),
        !hasState(join.secondary()));
  }

  /** Whether a stateful operator lies at or above the node. */
  private static boolean hasState(PlanNode node) {
    return node instanceof JoinNode
        || (node instanceof SourceNode source && source.hasIdentity())
        || node.inputs().stream().anyMatch(Stages::hasState);
  }
}
