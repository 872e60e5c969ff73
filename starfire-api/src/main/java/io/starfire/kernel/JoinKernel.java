package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Window;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windowed join. Each primary yields one result, copies included. Secondaries of equal key,
 * event time and canonical bytes count once. Not thread-safe.
 *
 * <p>A primary at {@code p} waits in the buffer until the watermark is above {@code p + after},
 * exclusive. Then its result is produced from the secondaries in its window, in canonical order,
 * which is the order of the buffer. With {@code completeOnFirst} its result is produced at its
 * first match. A marker then stays until the watermark is above {@code p + after}, so that further
 * secondaries in its window count as matched.
 *
 * <p>A secondary at {@code s} is kept as long as a primary can need it: until the watermark is
 * above {@code s + before}, and by {@code after} longer if results wait for all matches. If it has
 * not matched by then, it is an orphan.
 */
final class JoinKernel implements Kernel {
  static final int PRIMARY_PORT = 0;
  static final int SECONDARY_PORT = 1;

  private static final byte PRIMARY = 1;
  private static final byte MARKER = 2;
  private static final byte SECONDARY = 3;

  private static final byte[] NOTHING = {};
  private static final byte[] ONE_COPY = count(1);
  private static final byte[] UNMATCHED = {0};
  private static final byte[] MATCHED = {1};

  private final Window window;
  private final boolean completesOnFirst;
  private final KernelState state;
  private final OutcomeCounter primaries;
  private final OutcomeCounter secondaries;
  private final Output output;
  private final long beforeMillis;
  private final long afterMillis;
  private final long secondaryKeptMillis;

  /**
   * Makes the kernel of one join.
   *
   * @param window the granted one
   * @param completesOnFirst whether a result is produced at the first match
   * @param primaries counts the outcomes of primaries
   * @param secondaries counts the outcomes of secondaries
   */
  JoinKernel(
      Window window,
      boolean completesOnFirst,
      KernelState state,
      OutcomeCounter primaries,
      OutcomeCounter secondaries,
      Output output) {
    this.window = requireNonNull(window, "window");
    this.completesOnFirst = completesOnFirst;
    this.state = requireNonNull(state, "state");
    this.primaries = requireNonNull(primaries, "primaries");
    this.secondaries = requireNonNull(secondaries, "secondaries");
    this.output = requireNonNull(output, "output");
    this.beforeMillis = window.before().toMillis();
    this.afterMillis = window.after().toMillis();
    this.secondaryKeptMillis = completesOnFirst ? beforeMillis : beforeMillis + afterMillis;
  }

  @Override
  public void event(int port, byte @Nullable [] key, long timeMillis, byte[] value) {
    if (port == PRIMARY_PORT) {
      primary(key, timeMillis, value);
    } else {
      secondary(key, timeMillis, value);
    }
  }

  private void primary(byte @Nullable [] key, long timeMillis, byte[] value) {
    if (key == null) {
      emit(timeMillis, value, List.of(), 1);
    } else if (completesOnFirst && matchHeld(key, timeMillis)) {
      mark(key, timeMillis);
      emitMatched(timeMillis, value, 1);
    } else {
      KernelState.Held copy = state.find(PRIMARY, key, timeMillis, value);
      if (copy == null) {
        state.hold(PRIMARY, key, timeMillis, value, ONE_COPY, timeMillis + afterMillis);
      } else {
        state.note(copy, count(count(copy.note()) + 1));
      }
    }
  }

  private void secondary(byte @Nullable [] key, long timeMillis, byte[] value) {
    if (key == null) {
      secondaries.count(Outcome.NULL_KEY, timeMillis);
      return;
    }
    if (state.find(SECONDARY, key, timeMillis, value) != null) {
      secondaries.count(Outcome.DUPLICATE, timeMillis);
      return;
    }
    boolean matched = completesOnFirst && completeWaiting(key, timeMillis);
    if (matched) {
      secondaries.count(Outcome.MATCHED, timeMillis);
    }
    byte[] note = matched ? MATCHED : UNMATCHED;
    state.hold(SECONDARY, key, timeMillis, value, note, timeMillis + secondaryKeptMillis);
  }

  /** Produces the results that are due. */
  @Override
  public void advanceTo(long watermark) {
    state.takeDue(watermark, this::due);
  }

  private void due(byte kind, byte[] key, long timeMillis, List<KernelState.Held> entries) {
    if (kind == PRIMARY) {
      primariesDue(key, timeMillis, entries);
    } else if (kind == SECONDARY) {
      for (KernelState.Held entry : entries) {
        if (entry.note()[0] == UNMATCHED[0]) {
          secondaries.count(Outcome.ORPHAN, timeMillis);
          output.orphan(timeMillis, entry.value());
        }
      }
    }
  }

  private void primariesDue(byte[] key, long timeMillis, List<KernelState.Held> waiting) {
    List<byte[]> matches = completesOnFirst ? List.of() : takeMatches(key, timeMillis);
    for (KernelState.Held entry : waiting) {
      emit(timeMillis, entry.value(), matches, count(entry.note()));
    }
  }

  private List<byte[]> takeMatches(byte[] key, long timeMillis) {
    List<byte[]> matches = new ArrayList<>();
    for (KernelState.Held entry : secondariesOf(key, timeMillis)) {
      countMatched(entry);
      matches.add(entry.value());
    }
    return matches;
  }

  /** Whether there is a secondary in the window of a primary; all of them then count as matched. */
  private boolean matchHeld(byte[] key, long timeMillis) {
    List<KernelState.Held> held = secondariesOf(key, timeMillis);
    held.forEach(this::countMatched);
    return !held.isEmpty();
  }

  private void countMatched(KernelState.Held secondary) {
    if (secondary.note()[0] == UNMATCHED[0]) {
      state.note(secondary, MATCHED);
      secondaries.count(Outcome.MATCHED, secondary.timeMillis());
    }
  }

  /** Completes the primaries that a new secondary matches. True if there was one, or a marker. */
  private boolean completeWaiting(byte[] key, long secondaryMillis) {
    boolean matched = false;
    long takenMillis = -1;
    for (KernelState.Held waiting : primariesOf(PRIMARY, key, secondaryMillis)) {
      long timeMillis = waiting.timeMillis();
      if (timeMillis == takenMillis) {
        continue;
      }
      takenMillis = timeMillis;
      matched = true;
      for (KernelState.Held entry :
          state.take(PRIMARY, key, timeMillis, timeMillis + afterMillis)) {
        emitMatched(timeMillis, entry.value(), count(entry.note()));
      }
      mark(key, timeMillis);
    }
    return matched || !primariesOf(MARKER, key, secondaryMillis).isEmpty();
  }

  private void mark(byte[] key, long timeMillis) {
    state.hold(MARKER, key, timeMillis, NOTHING, NOTHING, timeMillis + afterMillis);
  }

  private List<KernelState.Held> secondariesOf(byte[] key, long primaryMillis) {
    List<KernelState.Held> held =
        state.between(SECONDARY, key, primaryMillis - beforeMillis, primaryMillis + afterMillis);
    held.removeIf(entry -> !window.contains(primaryMillis, entry.timeMillis()));
    return held;
  }

  private List<KernelState.Held> primariesOf(byte kind, byte[] key, long secondaryMillis) {
    List<KernelState.Held> held =
        state.between(kind, key, secondaryMillis - afterMillis, secondaryMillis + beforeMillis);
    held.removeIf(entry -> !window.contains(entry.timeMillis(), secondaryMillis));
    return held;
  }

  private void emitMatched(long timeMillis, byte[] value, int copies) {
    for (int i = 0; i < copies; i++) {
      primaries.count(Outcome.EMITTED, timeMillis);
      output.emitFirst(timeMillis, value);
    }
  }

  private void emit(long timeMillis, byte[] value, List<byte[]> matches, int copies) {
    for (int i = 0; i < copies; i++) {
      primaries.count(Outcome.EMITTED, timeMillis);
      output.emit(timeMillis, value, matches);
    }
  }

  private static byte[] count(int copies) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(copies).array();
  }

  private static int count(byte[] copies) {
    return ByteBuffer.wrap(copies).getInt();
  }

  /** Receives the results. */
  interface Output {
    /** The result of a primary with all its matches, which may be none. */
    void emit(long timeMillis, byte[] primary, List<byte[]> matches);

    /** The result of a primary that completed on a match. */
    void emitFirst(long timeMillis, byte[] primary);

    /** A secondary that matched nothing. */
    void orphan(long timeMillis, byte[] secondary);
  }
}
