package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

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

  /** The state of one kernel. Asked for again, it is the same. */
  abstract KernelState ofKernel(int number);

  private static final class OnHeap extends StageState {
    private final List<KernelState> states = new ArrayList<>();

    @Override
    KernelState ofKernel(int number) {
      while (states.size() <= number) {
        states.add(new HeapState());
      }
      return states.get(number);
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
}
