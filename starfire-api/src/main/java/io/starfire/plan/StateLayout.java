package io.starfire.plan;

import io.starfire.event.RecordCodec;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.UnionNode;

/**
 * What the stored state of an operator depends on, as text. A stream whose state was stored under
 * another text cannot go on with it. Immutable.
 */
public final class StateLayout implements PlanVisitor<String> {
  private final Grants grants;

  private StateLayout(Grants grants) {
    this.grants = grants;
  }

  /** The text; empty for an operator without state. */
  public static String of(PlanNode node, Grants grants) {
    return node.accept(new StateLayout(grants));
  }

  @Override
  public String source(SourceNode node) {
    return "";
  }

  @Override
  public String dedup(DedupNode node) {
    return "identity";
  }

  @Override
  public String map(MapNode node) {
    return "";
  }

  @Override
  public String flatMap(FlatMapNode node) {
    return "";
  }

  @Override
  public String filter(FilterNode node) {
    return "";
  }

  @Override
  public String enrich(EnrichNode node) {
    return "";
  }

  @Override
  public String enhance(EnhanceNode node) {
    return "";
  }

  @Override
  public String join(JoinNode node) {
    return "join " + grants.window(node) + " " + node.completesOnFirst();
  }

  @Override
  public String orphans(OrphansNode node) {
    return "";
  }

  @Override
  public String union(UnionNode node) {
    return "";
  }

  @Override
  public String branch(BranchNode node) {
    return "";
  }

  @Override
  public String branchOutput(BranchOutputNode node) {
    return "";
  }

  @Override
  public String group(GroupNode node) {
    String kept =
        node.form() instanceof GroupForm.Aggregate sums
            ? RecordCodec.of(sums.accumulator()).schemaJson()
            : "all";
    return "group " + node.windows() + " " + kept;
  }

  @Override
  public String sink(SinkNode node) {
    return "";
  }
}
