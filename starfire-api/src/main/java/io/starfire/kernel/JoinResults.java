package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.event.RecordCodec;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.PlanNode.JoinNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Calls the author's function with the matches that the join's kernel found. */
final class JoinResults implements JoinKernel.Output {
  private final JoinNode join;
  private final Step next;
  private final Step orphans;
  private final BooleanSupplier wanted;
  private final RecordCodec<Object> primaryCodec;
  private final RecordCodec<Object> secondaryCodec;

  JoinResults(JoinNode join, Step next, Step orphans, BooleanSupplier wanted) {
    this.join = join;
    this.next = next;
    this.orphans = orphans;
    this.wanted = wanted;
    this.primaryCodec = StageSteps.codecOf(join.primary());
    this.secondaryCodec = StageSteps.codecOf(join.secondary());
  }

  @Override
  public void emit(long timeMillis, byte[] primary, List<byte[]> matches) {
    if (!wanted.getAsBoolean()) {
      return;
    }
    if (join.completesOnFirst()) {
      emitOnFirst(timeMillis, primary, !matches.isEmpty());
      return;
    }
    Object event = primaryCodec.decode(primary);
    List<Object> decoded = new ArrayList<>(matches.size());
    for (byte[] match : matches) {
      decoded.add(secondaryCodec.decode(match));
    }
    Object result;
    try {
      result = requireNonNull(join.onAll()).apply(event, new MatchList<>(decoded));
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(join.name(), timeMillis, e);
    }
    next.accept(AuthorCalls.notNull(join, timeMillis, result), timeMillis);
  }

  @Override
  public void emitFirst(long timeMillis, byte[] primary) {
    if (wanted.getAsBoolean()) {
      emitOnFirst(timeMillis, primary, true);
    }
  }

  @Override
  public void orphan(long timeMillis, byte[] secondary) {
    if (join.keepsOrphans() && wanted.getAsBoolean()) {
      orphans.accept(secondaryCodec.decode(secondary), timeMillis);
    }
  }

  private void emitOnFirst(long timeMillis, byte[] primary, boolean matched) {
    Object event = primaryCodec.decode(primary);
    Object result;
    try {
      result = requireNonNull(join.onFirst()).apply(event, matched);
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(join.name(), timeMillis, e);
    }
    next.accept(AuthorCalls.notNull(join, timeMillis, result), timeMillis);
  }
}
