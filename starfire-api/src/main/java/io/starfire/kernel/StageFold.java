package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Anomaly;
import io.starfire.event.DataRow;
import io.starfire.event.Outcome;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.plan.StateSpan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stage in one task as the fold of its log: the events of all its inputs in one order, and
 * among them <em>turns</em>, which say how far the watermark is from there on. What the stage
 * holds, what was late and what it put out follow from the log and from nothing else. So the state
 * of a task that has crashed is made again by folding the log once more, with what it puts out
 * thrown away: nothing is connected then. Not thread-safe.
 *
 * <p>{@link #low} says from where on the log is needed for that.
 */
public final class StageFold {
  /** A kernel lets go of as many in a fraction of a second, wherever its state is. */
  private static final int ENTRIES_PER_TURN = 2_000;

  private final StageState state;
  private final StageProgram program;
  private final Outlet outlet = new Outlet();
  private final List<StageProgram.Input> inputs = new ArrayList<>();
  private final long[] spans;
  private final LogNeed need = new LogNeed();
  private long highestMillis = Long.MIN_VALUE;

  /**
   * @param stage of {@code plan}; it reads shuffles
   * @param clip which of its results are passed on
   * @param state empty, or one of which {@link #restore} tells the rest
   */
  public StageFold(
      Plan plan, Stage stage, Grants grants, Lookups lookups, Clip clip, StageState state) {
    this.state = state;
    this.program = StageProgram.create(plan, stage, grants, lookups, clip, state, outlet);
    this.spans = new long[stage.inputs().size()];
    StateSpan span = new StateSpan(grants);
    for (Shuffle input : stage.inputs()) {
      spans[inputs.size()] = span.of(stage, input).toMillis();
      inputs.add(program.input(input));
    }
  }

  /** From now on what the stage puts out goes there, and is counted there. */
  public void connect(StageOutput output) {
    outlet.connect(requireNonNull(output, "output"));
  }

  /** From now on what the stage puts out is thrown away. */
  public void disconnect() {
    outlet.connect(null);
  }

  /**
   * Takes an event.
   *
   * @param input index among the inputs of the stage
   * @param key canonical bytes of its key; null if it has none
   * @param value its canonical bytes
   * @return false if it was late
   */
  public boolean event(int input, byte @Nullable [] key, long timeMillis, byte[] value) {
    if (!inputs.get(input).event(key, timeMillis, value)) {
      return false;
    }
    need.event(timeMillis + spans[input]);
    highestMillis = Math.max(highestMillis, timeMillis);
    return true;
  }

  /**
   * Takes a turn.
   *
   * @param offset of the turn in the log; of a replayed one, that of an earlier turn will do
   */
  public void turn(long offset, long watermark) {
    program.advanceTo(watermark);
    need.turn(offset, watermark);
  }

  /**
   * Where the next turn should be on the way to a watermark. A turn is folded as a whole, and
   * nothing is committed within it; so one that would let go of very much is made of several.
   *
   * @param from the watermark of the last turn, whether it was folded or only written
   * @param to above {@code from}
   * @return above {@code from}, and at most {@code to}
   */
  public long nextTurn(long from, long to) {
    return state.step(from, to, ENTRIES_PER_TURN);
  }

  /** {@link Long#MIN_VALUE} before the first turn. */
  public long watermark() {
    return program.watermark();
  }

  /** By how much results may be older than the watermark, in milliseconds. */
  public long holdBackMillis() {
    return program.holdBackMillis();
  }

  /** The highest event time that was folded; {@link Long#MIN_VALUE} if there was none. */
  public long highestMillis() {
    return highestMillis;
  }

  /**
   * The offset of a turn from which on a fold gives the present state; 0 if that is the start of
   * the log. It holds for all later positions too.
   */
  public long low() {
    return need.low();
  }

  /**
   * What a fold remembers beside the {@link StageState}: with a copy of both, another fold goes on
   * from here. As bytes: the watermark, the highest event time (int64 each), and the need.
   */
  public byte[] save() {
    ByteBuffer out = ByteBuffer.allocate(2 * Long.BYTES + need.savedBytes());
    out.putLong(program.watermark()).putLong(highestMillis);
    need.save(out);
    return out.array();
  }

  /**
   * Goes on from where another fold was.
   *
   * @param saved by {@link #save}, when that fold had the state that this one was made with
   */
  public void restore(byte[] saved) {
    ByteBuffer in = ByteBuffer.wrap(saved);
    program.restore(in.getLong());
    highestMillis = in.getLong();
    need.restore(in);
  }

  /** What the stage puts out, which goes nowhere while nothing is connected. */
  private static final class Outlet implements StageOutput {
    private final List<Counter> counters = new ArrayList<>();
    private @Nullable StageOutput target;

    private void connect(@Nullable StageOutput output) {
      target = output;
      counters.forEach(counter -> counter.connect(output));
    }

    @Override
    public void shuffle(Shuffle shuffle, byte @Nullable [] key, long timeMillis, byte[] value) {
      if (target != null) {
        target.shuffle(shuffle, key, timeMillis, value);
      }
    }

    @Override
    public boolean row(DataSourceNode sink, DataRow row) {
      return target == null || target.row(sink, row);
    }

    @Override
    public boolean toTopic(TopicNode sink, byte @Nullable [] key, long timeMillis, byte[] value) {
      return target == null || target.toTopic(sink, key, timeMillis, value);
    }

    @Override
    public boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
      return target == null || target.toFiles(sink, timeMillis, value);
    }

    @Override
    public boolean takesResults() {
      return target != null;
    }

    @Override
    public OutcomeCounter counter(String operator) {
      Counter counter = new Counter(operator);
      counter.connect(target);
      counters.add(counter);
      return counter;
    }
  }

  private static final class Counter implements OutcomeCounter {
    private final String operator;
    private @Nullable OutcomeCounter target;

    private Counter(String operator) {
      this.operator = operator;
    }

    private void connect(@Nullable StageOutput output) {
      target = output == null ? null : output.counter(operator);
    }

    @Override
    public void count(Outcome outcome, long timeMillis) {
      if (target != null) {
        target.count(outcome, timeMillis);
      }
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      if (target != null) {
        target.count(anomaly, timeMillis);
      }
    }
  }
}
