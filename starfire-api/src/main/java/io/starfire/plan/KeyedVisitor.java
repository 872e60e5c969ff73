package io.starfire.plan;

import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;

/**
 * Something that has to be said of every operator with a state only: how it runs, what its stored
 * state depends on, and for how long. The compiler finds those that a new one lacks.
 *
 * @param <R> what is said
 */
public interface KeyedVisitor<R> {
  R dedup(DedupNode node);

  R join(JoinNode node);

  R group(GroupNode node);
}
