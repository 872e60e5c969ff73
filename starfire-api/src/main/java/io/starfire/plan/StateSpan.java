package io.starfire.plan;

import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.KeyedNode;
import java.time.Duration;

/**
 * For how long the state of an operator depends on an event: until the watermark is above its event
 * time by this. That is longer than the event itself is held if it changes what others are: a
 * primary that has gone is why a secondary that is still held counts as matched. Immutable.
 */
public final class StateSpan {
  private final Grants grants;

  public StateSpan(Grants grants) {
    this.grants = grants;
  }

  /**
   * For how long a stage depends on an event of one of its inputs. The results of one operator are
   * events of the next in the stage; they are made again with what they were made of.
   */
  public Duration of(Stage stage, Shuffle input) {
    Duration span = Duration.ZERO;
    boolean isReached = false;
    for (KeyedNode node : stage.keyed()) {
      if (node == input.to()) {
        isReached = true;
        span = span.plus(node.accept(new Visitor(input.portIndex())));
      } else if (isReached) {
        span = span.plus(longest(node));
      }
    }
    return span;
  }

  private Duration longest(KeyedNode node) {
    Duration longest = Duration.ZERO;
    for (int port = 0; port < node.ports().size(); port++) {
      Duration span = node.accept(new Visitor(port));
      longest = span.compareTo(longest) > 0 ? span : longest;
    }
    return longest;
  }

  private final class Visitor implements KeyedVisitor<Duration> {
    private final int port;

    private Visitor(int port) {
      this.port = port;
    }

    @Override
    public Duration dedup(DedupNode node) {
      return Duration.ZERO;
    }

    /**
     * A primary at {@code p} decides whether the secondaries up to {@code p + after} are matched,
     * and they are held until {@code before} later, or {@code before + after} if results wait for
     * all matches. A secondary at {@code s} can complete the primaries up to {@code s + before},
     * whose markers are held until {@code after} later.
     */
    @Override
    public Duration join(JoinNode node) {
      Duration before = grants.window(node).before();
      Duration after = grants.window(node).after();
      Duration both = before.plus(after);
      return port == 0 && !node.completesOnFirst() ? both.plus(after) : both;
    }

    @Override
    public Duration group(GroupNode node) {
      return node.windows().longest();
    }
  }
}
