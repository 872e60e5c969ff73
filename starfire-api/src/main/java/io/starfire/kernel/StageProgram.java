package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Matches;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One stage of a plan, ready to run in one task: the head's kernel and the operators fused to it.
 * Both drivers run this class. It takes events and watermarks, and calls a {@link StageOutput}. Not
 * thread-safe.
 */
public final class StageProgram {
  private final Stage stage;
  private final FusedOperators.Step sourceStep;
  private final OutcomeCounter sourceCounter;
  private final DedupKernel dedup;
  private final JoinKernel join;
  private final LongConsumer advance;
  private final long holdBackMillis;

  private StageProgram(
      Stage stage,
      FusedOperators.Step sourceStep,
      OutcomeCounter sourceCounter,
      DedupKernel dedup,
      JoinKernel join,
      long holdBackMillis) {
    this.stage = stage;
    this.sourceStep = sourceStep;
    this.sourceCounter = sourceCounter;
    this.dedup = dedup;
    this.join = join;
    this.holdBackMillis = holdBackMillis;
    this.advance =
        dedup != null
            ? dedup::advanceTo
            : join != null ? join::advanceTo : StageProgram::withoutState;
  }

  /**
   * Builds a stage.
   *
   * @param stage of {@code plan}
   * @param grants the windows of its joins
   * @param lookups the lookups that its enrich operators use
   * @param clip which of its results are passed on
   * @param buffer its state; not used by a SOURCE stage
   * @param output receives the results
   */
  public static StageProgram create(
      Plan plan,
      Stage stage,
      Grants grants,
      Lookups lookups,
      Clip clip,
      WindowBuffer buffer,
      StageOutput output) {
    FusedOperators fused =
        new FusedOperators(plan, stage, requireNonNull(lookups), requireNonNull(clip), output);
    return switch (stage.kind()) {
      case SOURCE -> source(stage, fused, output);
      case DEDUPLICATE -> deduplicate(stage, fused, buffer, output);
      case JOIN -> join(stage, grants, fused, buffer, output);
    };
  }

  public Stage stage() {
    return stage;
  }

  /**
   * Takes an event of a SOURCE stage. It is decoded, and its event time has been checked. It counts
   * as EMITTED by the source; the driver counts UNDECODABLE and BAD_TIME.
   */
  public void source(Object event, long timeMillis) {
    sourceCounter.count(Outcome.EMITTED, timeMillis);
    sourceStep.accept(event, timeMillis);
  }

  /**
   * Takes an event from a shuffle of a DEDUPLICATE or JOIN stage.
   *
   * @param key canonical bytes of its key; null if it has none
   * @param value its canonical bytes
   */
  public void shuffled(Shuffle.Side side, byte[] key, long timeMillis, byte[] value) {
    switch (side) {
      case IDENTITY -> dedup.event(key, timeMillis, value);
      case PRIMARY -> join.primary(key, timeMillis, value);
      case SECONDARY -> join.secondary(key, timeMillis, value);
    }
  }

  /** Advances the stage's watermark, in milliseconds. Does nothing if the value is not higher. */
  public void advanceTo(long watermark) {
    advance.accept(watermark);
  }

  /** By how much results may be older than the stage's watermark, in milliseconds. */
  public long holdBackMillis() {
    return holdBackMillis;
  }

  private static void withoutState(long watermark) {
    // A stage without state holds nothing back.
  }

  private static StageProgram source(Stage stage, FusedOperators fused, StageOutput output) {
    SourceNode source = (SourceNode) stage.head();
    FusedOperators.Step step =
        source.hasIdentity() ? fused.toIdentity(source.identity()) : fused.normalised(source);
    return new StageProgram(stage, step, output.counter(source.name()), null, null, 0);
  }

  private static StageProgram deduplicate(
      Stage stage, FusedOperators fused, WindowBuffer buffer, StageOutput output) {
    FusedOperators.Step next = fused.below(stage.head());
    RecordCodec<Object> codec = FusedOperators.codecOf(stage.head());
    DedupKernel kernel =
        new DedupKernel(
            buffer,
            output.counter(stage.name()),
            (timeMillis, value) -> next.accept(codec.decode(value), timeMillis));
    return new StageProgram(stage, null, null, kernel, null, 0);
  }

  private static StageProgram join(
      Stage stage, Grants grants, FusedOperators fused, WindowBuffer buffer, StageOutput output) {
    JoinNode join = (JoinNode) stage.head();
    Shuffle primary = stage.input(Shuffle.Side.PRIMARY);
    Shuffle secondary = stage.input(Shuffle.Side.SECONDARY);
    JoinKernel.Settings settings =
        new JoinKernel.Settings(
            grants.window(join),
            join.completesOnFirst(),
            primary.judgesLateness(),
            secondary.judgesLateness());
    JoinKernel kernel =
        new JoinKernel(
            settings,
            buffer,
            output.counter(primary.name()),
            output.counter(secondary.name()),
            new JoinResults(join, fused.normalised(join)));
    return new StageProgram(stage, null, null, null, kernel, settings.window().after().toMillis());
  }

  /** Calls the author's function with the matches that the kernel found. */
  private static final class JoinResults implements JoinKernel.Output {
    private final JoinNode join;
    private final FusedOperators.Step next;
    private final RecordCodec<Object> primaryCodec;
    private final RecordCodec<Object> secondaryCodec;

    private JoinResults(JoinNode join, FusedOperators.Step next) {
      this.join = join;
      this.next = next;
      this.primaryCodec = FusedOperators.codecOf(join.primary());
      this.secondaryCodec = FusedOperators.codecOf(join.secondary());
    }

    @Override
    public void emit(long timeMillis, byte[] primary, List<byte[]> matches) {
      if (join.completesOnFirst()) {
        emitOnFirst(timeMillis, primary, !matches.isEmpty());
        return;
      }
      Object event = primaryCodec.decode(primary);
      List<Object> decoded = matches.stream().map(secondaryCodec::decode).toList();
      forward(
          timeMillis,
          FusedOperators.guarded(
              join.name(), timeMillis, () -> join.onAll().apply(event, new MatchList<>(decoded))));
    }

    @Override
    public void emitFirst(long timeMillis, byte[] primary) {
      emitOnFirst(timeMillis, primary, true);
    }

    private void emitOnFirst(long timeMillis, byte[] primary, boolean matched) {
      Object event = primaryCodec.decode(primary);
      forward(
          timeMillis,
          FusedOperators.guarded(
              join.name(), timeMillis, () -> join.onFirst().apply(event, matched)));
    }

    private void forward(long timeMillis, Object result) {
      PlanNode node = join;
      next.accept(FusedOperators.notNull(node, timeMillis, result), timeMillis);
    }
  }

  /** Matches in a list, in canonical order. */
  private record MatchList<S>(List<S> events) implements Matches<S> {
    @Override
    public boolean any() {
      return !events.isEmpty();
    }

    @Override
    public Optional<S> first() {
      return events.stream().findFirst();
    }

    @Override
    public int size() {
      return events.size();
    }

    @Override
    public Iterator<S> iterator() {
      return events.iterator();
    }
  }
}
