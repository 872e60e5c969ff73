package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Window;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
public final class JoinKernel {
  private static final byte PRIMARY = 1;
  private static final byte MARKER = 2;
  private static final byte SECONDARY = 3;

  private static final byte[] PRESENT = {};
  private static final byte[] UNMATCHED = {0};
  private static final byte[] MATCHED = {1};

  /** No limit: all entries of a key in a range are read at once. They must fit into memory. */
  private static final int ALL = Integer.MAX_VALUE;

  private final Window window;
  private final boolean completesOnFirst;
  private final boolean judgesPrimaries;
  private final boolean judgesSecondaries;
  private final WindowBuffer buffer;
  private final DueEvents dueEvents;
  private final OutcomeCounter primaries;
  private final OutcomeCounter secondaries;
  private final Output output;
  private final long beforeMillis;
  private final long afterMillis;
  private final long secondaryKeptMillis;
  private long watermark = Long.MIN_VALUE;

  /**
   * Makes the kernel of one join.
   *
   * @param settings of the join, from the plan and the driver
   * @param primaries counts the outcomes of primaries
   * @param secondaries counts the outcomes of secondaries
   */
  public JoinKernel(
      Settings settings,
      WindowBuffer buffer,
      OutcomeCounter primaries,
      OutcomeCounter secondaries,
      Output output) {
    this.window = settings.window();
    this.completesOnFirst = settings.completesOnFirst();
    this.judgesPrimaries = settings.judgesPrimaries();
    this.judgesSecondaries = settings.judgesSecondaries();
    this.buffer = requireNonNull(buffer, "buffer");
    this.dueEvents = new DueEvents(buffer);
    this.primaries = requireNonNull(primaries, "primaries");
    this.secondaries = requireNonNull(secondaries, "secondaries");
    this.output = requireNonNull(output, "output");
    this.beforeMillis = window.before().toMillis();
    this.afterMillis = window.after().toMillis();
    this.secondaryKeptMillis = completesOnFirst ? beforeMillis : beforeMillis + afterMillis;
  }

  /**
   * Takes one primary.
   *
   * @param key canonical bytes of its key; if it is null, the result has no matches
   * @param timeMillis its event time
   * @param value its canonical bytes
   */
  public void primary(byte[] key, long timeMillis, byte[] value) {
    if (judgesPrimaries && timeMillis < watermark) {
      primaries.count(Outcome.LATE, timeMillis);
    } else if (key == null) {
      emit(timeMillis, value, List.of(), 1);
    } else if (completesOnFirst && matchHeld(key, timeMillis)) {
      mark(key, timeMillis);
      emitMatched(timeMillis, value, 1);
    } else {
      byte[] entry = BufferKeys.event(PRIMARY, key, timeMillis, value);
      byte[] copies = buffer.get(entry);
      buffer.put(entry, count(copies == null ? 1 : count(copies) + 1));
      dueEvents.schedule(timeMillis + afterMillis, PRIMARY, key);
    }
  }

  /**
   * Takes one secondary.
   *
   * @param key canonical bytes of its key; null if it has none
   * @param timeMillis its event time
   * @param value its canonical bytes
   */
  public void secondary(byte[] key, long timeMillis, byte[] value) {
    if (key == null) {
      secondaries.count(Outcome.NULL_KEY, timeMillis);
      return;
    }
    if (judgesSecondaries && timeMillis < watermark) {
      secondaries.count(Outcome.LATE, timeMillis);
      return;
    }
    byte[] entry = BufferKeys.event(SECONDARY, key, timeMillis, value);
    if (buffer.get(entry) != null) {
      secondaries.count(Outcome.DUPLICATE, timeMillis);
      return;
    }
    boolean matched = completesOnFirst && completeWaiting(key, timeMillis);
    if (matched) {
      secondaries.count(Outcome.MATCHED, timeMillis);
    }
    buffer.put(entry, matched ? MATCHED : UNMATCHED);
    dueEvents.schedule(timeMillis + secondaryKeptMillis, SECONDARY, key);
  }

  /**
   * Advances the watermark and produces the results that are due. Does nothing if the value is not
   * higher.
   */
  public void advanceTo(long newWatermark) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      dueEvents.takeBefore(newWatermark, this::due);
    }
  }

  private void due(long dueMillis, byte kind, byte[] key) {
    switch (kind) {
      case PRIMARY -> primaryDue(key, dueMillis - afterMillis);
      case MARKER -> buffer.delete(BufferKeys.from(MARKER, key, dueMillis - afterMillis));
      default -> secondaryDue(key, dueMillis - secondaryKeptMillis);
    }
  }

  private void primaryDue(byte[] key, long timeMillis) {
    List<WindowBuffer.Entry> waiting = between(PRIMARY, key, timeMillis, timeMillis);
    List<byte[]> matches =
        waiting.isEmpty() || completesOnFirst ? List.of() : takeMatches(key, timeMillis);
    for (WindowBuffer.Entry entry : waiting) {
      buffer.delete(entry.key());
      emit(timeMillis, BufferKeys.valueOf(entry.key()), matches, count(entry.value()));
    }
  }

  private List<byte[]> takeMatches(byte[] key, long timeMillis) {
    List<byte[]> matches = new ArrayList<>();
    for (WindowBuffer.Entry entry : secondariesOf(key, timeMillis)) {
      countMatched(entry);
      matches.add(BufferKeys.valueOf(entry.key()));
    }
    return matches;
  }

  private void secondaryDue(byte[] key, long timeMillis) {
    for (WindowBuffer.Entry entry : between(SECONDARY, key, timeMillis, timeMillis)) {
      buffer.delete(entry.key());
      if (entry.value()[0] == UNMATCHED[0]) {
        secondaries.count(Outcome.ORPHAN, timeMillis);
      }
    }
  }

  /** Whether there is a secondary in the window of a primary; all of them then count as matched. */
  private boolean matchHeld(byte[] key, long timeMillis) {
    List<WindowBuffer.Entry> held = secondariesOf(key, timeMillis);
    held.forEach(this::countMatched);
    return !held.isEmpty();
  }

  private void countMatched(WindowBuffer.Entry secondary) {
    if (secondary.value()[0] == UNMATCHED[0]) {
      buffer.put(secondary.key(), MATCHED);
      secondaries.count(Outcome.MATCHED, BufferKeys.timeOf(secondary.key()));
    }
  }

  /** Completes the primaries that a new secondary matches. True if there was one, or a marker. */
  private boolean completeWaiting(byte[] key, long secondaryMillis) {
    boolean matched = false;
    for (WindowBuffer.Entry entry : primariesOf(PRIMARY, key, secondaryMillis)) {
      long timeMillis = BufferKeys.timeOf(entry.key());
      matched = true;
      buffer.delete(entry.key());
      dueEvents.unschedule(timeMillis + afterMillis, PRIMARY, key);
      mark(key, timeMillis);
      emitMatched(timeMillis, BufferKeys.valueOf(entry.key()), count(entry.value()));
    }
    return matched || !primariesOf(MARKER, key, secondaryMillis).isEmpty();
  }

  private void mark(byte[] key, long timeMillis) {
    buffer.put(BufferKeys.from(MARKER, key, timeMillis), PRESENT);
    dueEvents.schedule(timeMillis + afterMillis, MARKER, key);
  }

  private List<WindowBuffer.Entry> secondariesOf(byte[] key, long primaryMillis) {
    return between(SECONDARY, key, primaryMillis - beforeMillis, primaryMillis + afterMillis)
        .stream()
        .filter(entry -> window.contains(primaryMillis, BufferKeys.timeOf(entry.key())))
        .toList();
  }

  private List<WindowBuffer.Entry> primariesOf(byte kind, byte[] key, long secondaryMillis) {
    return between(kind, key, secondaryMillis - afterMillis, secondaryMillis + beforeMillis)
        .stream()
        .filter(entry -> window.contains(BufferKeys.timeOf(entry.key()), secondaryMillis))
        .toList();
  }

  private List<WindowBuffer.Entry> between(
      byte kind, byte[] key, long firstMillis, long lastMillis) {
    return buffer.scan(
        BufferKeys.from(kind, key, Math.max(0, firstMillis)),
        BufferKeys.from(kind, key, lastMillis + 1),
        ALL);
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

  /**
   * The settings of a join, from the plan and the driver.
   *
   * @param window the granted window
   * @param completesOnFirst whether a result is produced at the first match
   * @param judgesPrimaries whether a primary below the watermark is late here
   * @param judgesSecondaries whether a secondary below the watermark is late here
   */
  public record Settings(
      Window window, boolean completesOnFirst, boolean judgesPrimaries, boolean judgesSecondaries) {
    public Settings {
      requireNonNull(window, "window");
    }
  }

  /** Receives the results. */
  public interface Output {
    /** The result of a primary with all its matches, which may be none. */
    void emit(long timeMillis, byte[] primary, List<byte[]> matches);

    /** The result of a primary that completed on a match. */
    void emitFirst(long timeMillis, byte[] primary);
  }
}
