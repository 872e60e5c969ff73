package io.starfire.plan;

import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.UnionNode;

/**
 * Something that has to be said of every kind of operator: what it means, what input it reaches
 * for, how long it holds events back, how it is described, how it runs. Each of these is one
 * implementation, so that the compiler finds those that a new operator lacks.
 *
 * @param <R> what is said
 */
public interface PlanVisitor<R> extends KeyedVisitor<R>, SinkVisitor<R> {
  R source(SourceNode node);

  R map(MapNode node);

  R flatMap(FlatMapNode node);

  R filter(FilterNode node);

  R enrich(EnrichNode node);

  R enhance(EnhanceNode node);

  R orphans(OrphansNode node);

  R union(UnionNode node);

  R branch(BranchNode node);

  R branchOutput(BranchOutputNode node);
}
