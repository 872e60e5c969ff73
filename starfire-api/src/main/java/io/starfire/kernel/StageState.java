package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the kernels of one stage in one task keep what they hold. A driver makes one, and hands it
 * to the stage's program. Not thread-safe.
 */
public abstract sealed class StageState {
  private StageState() {}

  /** On the heap, in a structure made for it. */
  public static StageState onHeap() {
    return new OnHeap();
  }

  /** In a sorted map of bytes. */
  public static StageState in(WindowBuffer buffer) {
    return new InBuffer(requireNonNull(buffer, "buffer"));
  }

  /** On the heap as far as a budget allows, and what is due last in a sorted map of bytes. */
  public static StageState layered(WindowBuffer buffer, HeapBudget budget) {
    return new Layered(requireNonNull(buffer, "buffer"), requireNonNull(budget, "budget"));
  }

  /** The state of one kernel. Asked for again, it is the same. */
  abstract KernelState ofKernel(int number);

  /** How far a watermark can rise for about so many entries of a kernel to fall due. */
  long step(long from, long to, int entries) {
    return to;
  }

  private static long least(List<? extends KernelState> states, long from, long to, int entries) {
    long nearest = to;
    for (KernelState state : states) {
      nearest = Math.min(nearest, state.step(from, to, entries));
    }
    return nearest;
  }

  /**
   * Hands over what is not in the buffer, in parts. With a copy of the buffer of the same moment,
   * and these parts restored in any order, another state is equal to this one.
   */
  public void save(Consumer<byte[]> parts) {
    // Only a layered state has something beside its buffer.
  }

  /** Takes a part that {@link #save} has handed over. */
  public void restore(byte[] part) {
    throw new IllegalStateException("the state has no parts");
  }

  /** It is not used any more, and takes nothing of its budget. */
  public void release() {
    // Only a layered state has a budget.
  }

  private static final class OnHeap extends StageState {
    private final List<KernelState> states = new ArrayList<>();

    @Override
    KernelState ofKernel(int number) {
      while (states.size() <= number) {
        states.add(new HeapState());
      }
      return states.get(number);
    }

    @Override
    long step(long from, long to, int entries) {
      return least(states, from, to, entries);
    }
  }

  private static final class InBuffer extends StageState {
    private final WindowBuffer buffer;

    private InBuffer(WindowBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    KernelState ofKernel(int number) {
      return new BufferedState(buffer, number);
    }
  }

  private static final class Layered extends StageState {
    private final WindowBuffer buffer;
    private final HeapBudget budget;
    private final List<LayeredState> states = new ArrayList<>();

    private Layered(WindowBuffer buffer, HeapBudget budget) {
      this.buffer = buffer;
      this.budget = budget;
    }

    @Override
    LayeredState ofKernel(int number) {
      while (states.size() <= number) {
        states.add(new LayeredState(buffer, states.size(), budget));
      }
      return states.get(number);
    }

    @Override
    long step(long from, long to, int entries) {
      return least(states, from, to, entries);
    }

    @Override
    public void save(Consumer<byte[]> parts) {
      for (int kernel = 0; kernel < states.size(); kernel++) {
        states.get(kernel).save((byte) kernel, parts);
      }
    }

    @Override
    public void restore(byte[] part) {
      ByteBuffer in = ByteBuffer.wrap(part);
      ofKernel(in.get()).restore(in);
    }

    @Override
    public void release() {
      states.forEach(LayeredState::release);
    }
  }
}
