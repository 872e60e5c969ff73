package io.starfire.plan;

import io.starfire.api.Window;
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
import java.time.Duration;

/**
 * By how much the results of an operator may be older than the watermark at which it produces them.
 * Immutable.
 */
public final class HoldBack {
  private final Grants grants;

  public HoldBack(Grants grants) {
    this.grants = grants;
  }

  public Duration of(PlanNode node) {
    return node.accept(new Visitor());
  }

  /** What a stage holds back. At most one of its operators holds anything back. */
  public Duration of(Stage stage) {
    return stage.keyed().stream().map(this::of).reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration longer(Duration left, Duration right) {
    return left.compareTo(right) > 0 ? left : right;
  }

  private final class Visitor implements PlanVisitor<Duration> {
    @Override
    public Duration source(SourceNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration dedup(DedupNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration map(MapNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration flatMap(FlatMapNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration filter(FilterNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration enrich(EnrichNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration enhance(EnhanceNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration join(JoinNode node) {
      Window window = grants.window(node);
      if (!node.keepsOrphans()) {
        return window.after();
      }
      Duration kept = node.completesOnFirst() ? Duration.ZERO : window.after();
      return longer(window.after(), window.before().plus(kept));
    }

    @Override
    public Duration orphans(OrphansNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration union(UnionNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration branch(BranchNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration branchOutput(BranchOutputNode node) {
      return Duration.ZERO;
    }

    @Override
    public Duration group(GroupNode node) {
      return node.windows().longest();
    }

    @Override
    public Duration sink(SinkNode node) {
      return Duration.ZERO;
    }
  }
}
