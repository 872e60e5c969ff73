package io.starfire.plan;

import io.starfire.api.Window;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.KeyedNode;
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

  /** Only an operator with a state holds anything back. */
  public Duration of(PlanNode node) {
    return node instanceof KeyedNode keyed ? keyed.accept(new Visitor()) : Duration.ZERO;
  }

  /** What a stage holds back. At most one of its operators holds anything back. */
  public Duration of(Stage stage) {
    return stage.keyed().stream().map(this::of).reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration longer(Duration left, Duration right) {
    return left.compareTo(right) > 0 ? left : right;
  }

  private final class Visitor implements KeyedVisitor<Duration> {
    @Override
    public Duration dedup(DedupNode node) {
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
    public Duration group(GroupNode node) {
      return node.windows().longest();
    }
  }
}
