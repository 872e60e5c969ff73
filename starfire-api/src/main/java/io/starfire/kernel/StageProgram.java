package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Outcome;
import io.starfire.plan.Grants;
import io.starfire.plan.HoldBack;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a plan, ready to run in one task: its kernels and the operators fused to them. Both
 * drivers run this class. It takes events and watermarks, and calls a {@link StageOutput}. Not
 * thread-safe.
 */
public final class StageProgram {
  private final Stage stage;
  private final List<Kernel> kernels = new ArrayList<>();
  private final Map<String, Input> inputs = new HashMap<>();
  private final Step sourceStep;
  private final OutcomeCounter sourceCounter;
  private final long holdBackMillis;
  private long watermark = Long.MIN_VALUE;

  private StageProgram(
      Stage stage,
      Grants grants,
      StageSteps steps,
      @Nullable StageState state,
      StageOutput output) {
    this.stage = stage;
    this.holdBackMillis = new HoldBack(grants).of(stage).toMillis();
    this.sourceCounter = output.counter(stage.head().name());
    this.sourceStep = stage.isSource() ? steps.normalised(stage.head()) : StageProgram::noSource;
    // From the last to the first: a kernel hands its results to those below it.
    for (int i = stage.keyed().size() - 1; i >= 0; i--) {
      KeyedNode node = stage.keyed().get(i);
      KernelState own = requireNonNull(state, "the stage has a state").ofKernel(i);
      Kernel kernel = node.accept(new KernelFactory(grants, own, steps, output));
      steps.add(node, kernel);
      kernels.add(0, kernel);
      for (Shuffle shuffle : stage.inputs()) {
        if (shuffle.to() == node) {
          inputs.put(shuffle.name(), new Input(shuffle, kernel, output));
        }
      }
    }
  }

  /**
   * Builds a stage.
   *
   * @param stage of {@code plan}
   * @param grants the windows of its joins
   * @param lookups the lookups that its enrich operators use
   * @param clip which of its results are passed on
   * @param state its state; not used by the stage of a source
   * @param output receives the results
   */
  public static StageProgram create(
      Plan plan,
      Stage stage,
      Grants grants,
      Lookups lookups,
      Clip clip,
      @Nullable StageState state,
      StageOutput output) {
    StageSteps steps = new StageSteps(plan, stage, lookups, clip, output);
    return new StageProgram(stage, grants, steps, state, output);
  }

  public Stage stage() {
    return stage;
  }

  /**
   * Takes an event of the stage of a source. It is decoded, and its event time has been checked. It
   * counts as EMITTED by the source; the driver counts UNDECODABLE and BAD_TIME.
   */
  public void source(Object event, long timeMillis) {
    sourceCounter.count(Outcome.EMITTED, timeMillis);
    sourceStep.accept(event, timeMillis);
  }

  /** Where the events of a shuffle go in. A driver asks for it once for each shuffle. */
  public Input input(Shuffle shuffle) {
    return requireNonNull(inputs.get(shuffle.name()), shuffle.name());
  }

  /** Advances the stage's watermark, in milliseconds. Does nothing if the value is not higher. */
  public void advanceTo(long newWatermark) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      for (Kernel kernel : kernels) {
        kernel.advanceTo(newWatermark);
      }
    }
  }

  /** {@link Long#MIN_VALUE} before it is known. */
  long watermark() {
    return watermark;
  }

  /** Goes on with a state that stands at this watermark. */
  void restore(long reached) {
    watermark = reached;
  }

  /** Begins anew, without a watermark. The driver has emptied the buffer. */
  public void reset() {
    watermark = Long.MIN_VALUE;
  }

  /** By how much results may be older than the stage's watermark, in milliseconds. */
  public long holdBackMillis() {
    return holdBackMillis;
  }

  private static void noSource(Object event, long timeMillis) {
    throw new IllegalStateException("the stage reads shuffles, and no source");
  }

  /** Where the events of one shuffle go in. */
  public final class Input {
    private final int port;
    private final boolean judgesLateness;
    private final Kernel kernel;
    private final OutcomeCounter counter;

    private Input(Shuffle shuffle, Kernel kernel, StageOutput output) {
      this.port = shuffle.portIndex();
      this.judgesLateness = shuffle.judgesLateness();
      this.kernel = kernel;
      this.counter = output.counter(shuffle.port().operator());
    }

    /**
     * Takes an event.
     *
     * @param key canonical bytes of its key; null if it has none
     * @param value its canonical bytes
     * @return false if it was late
     */
    public boolean event(byte @Nullable [] key, long timeMillis, byte[] value) {
      if (judgesLateness && timeMillis < watermark) {
        counter.count(Outcome.LATE, timeMillis);
        return false;
      }
      kernel.event(port, key, timeMillis, value);
      return true;
    }

    /**
     * Takes a sum that {@link PartialSums} has made of events.
     *
     * @param key canonical bytes of their key
     * @param windowMillis the start of their window
     */
    public void sum(byte[] key, long windowMillis, byte[] added) {
      kernel.sum(key, windowMillis, added);
    }
  }
}
