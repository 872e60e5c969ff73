package io.starfire.plan;

import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.KeyedNode;

/**
 * What the stored state of an operator depends on, as text. A stream whose state was stored under
 * another text cannot go on with it. Immutable.
 */
public final class StateLayout implements KeyedVisitor<String> {
  private final Grants grants;

  private StateLayout(Grants grants) {
    this.grants = grants;
  }

  public static String of(KeyedNode node, Grants grants) {
    return node.accept(new StateLayout(grants));
  }

  @Override
  public String dedup(DedupNode node) {
    return "identity";
  }

  @Override
  public String join(JoinNode node) {
    return "join " + grants.window(node) + " " + node.completesOnFirst();
  }

  @Override
  public String group(GroupNode node) {
    String kept =
        node.form() instanceof GroupForm.Aggregate sums ? sums.accumulator().schemaJson() : "all";
    return "group " + node.windows() + " by " + node.keyType().schema() + " " + kept;
  }
}
