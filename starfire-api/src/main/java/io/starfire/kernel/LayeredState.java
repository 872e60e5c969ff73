package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's state of two layers: on the heap, as far as a {@link HeapBudget} allows, and in a
 * {@link WindowBuffer}. What is held and let go on the heap costs the buffer nothing. Not
 * thread-safe.
 *
 * <p>Due time is cut into slices of four seconds. A slice is on the heap until the budget is
 * exceeded: then the slice that is due last moves to the buffer as a whole, and what is held for it
 * later goes there at once. It comes back when it is due. What is due first stays, because it
 * leaves by itself. All entries of one kind, key and time are due together, so they are in one
 * layer, and everything leaves from the heap.
 */
final class LayeredState implements KernelState {
  /** A slice spans 4,096 milliseconds: whole buckets of {@link HeapState}. */
  private static final int SLICE_SHIFT = 12;

  private static final int PART_BYTES = 256 << 10;
  private static final byte SLICES = 0;
  private static final byte ENTRIES = 1;
  private static final int ENTRY_BYTES = 1 + 3 * Integer.BYTES + 2 * Long.BYTES;

  private static final Comparator<Held> IN_ORDER =
      (a, b) ->
          a.timeMillis() != b.timeMillis()
              ? Long.compare(a.timeMillis(), b.timeMillis())
              : Arrays.compareUnsigned(a.value(), b.value());

  private final HeapState heap = new HeapState();
  private final SpilledState spilled;
  private final HeapBudget budget;
  private long chargedBytes;
  private boolean isLettingGo;

  /**
   * @param kernel the number of the kernel in its stage, from 0
   */
  LayeredState(WindowBuffer buffer, int kernel, HeapBudget budget) {
    this.spilled = new SpilledState(buffer, kernel, SLICE_SHIFT);
    this.budget = requireNonNull(budget, "budget");
  }

  @Override
  public @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value) {
    Held held = heap.find(kind, key, timeMillis, value);
    return held == null && !spilled.isEmpty() ? spilled.find(kind, key, timeMillis, value) : held;
  }

  @Override
  public void hold(
      byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
    if (spilled.isFor(kind, key, timeMillis, dueMillis)) {
      spilled.hold(kind, key, timeMillis, value, note, dueMillis);
    } else {
      heap.hold(kind, key, timeMillis, value, note, dueMillis);
    }
    charge();
  }

  @Override
  public void note(Held held, byte[] note) {
    // Nothing moves here: the caller may have found further entries, which it is going to note,
    // too.
    if (heap.owns(held)) {
      heap.note(held, note);
    } else {
      spilled.note(held, note);
    }
  }

  @Override
  public boolean any(byte kind, byte[] key, long firstMillis, long lastMillis) {
    return heap.any(kind, key, firstMillis, lastMillis)
        || (!spilled.isEmpty() && spilled.any(kind, key, firstMillis, lastMillis));
  }

  @Override
  public List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis) {
    List<Held> found = heap.between(kind, key, firstMillis, lastMillis);
    if (spilled.isEmpty()) {
      return found;
    }
    List<Held> further = spilled.between(kind, key, firstMillis, lastMillis);
    if (found.isEmpty()) {
      return further;
    }
    if (!further.isEmpty()) {
      found.addAll(further);
      found.sort(IN_ORDER);
    }
    return found;
  }

  @Override
  public List<Held> take(byte kind, byte[] key, long timeMillis, long dueMillis) {
    return spilled.isFor(kind, key, timeMillis, dueMillis)
        ? spilled.take(kind, key, timeMillis)
        : heap.take(kind, key, timeMillis, dueMillis);
  }

  @Override
  public long step(long from, long to, int entries) {
    return Math.min(heap.step(from, to, entries), spilled.step(from, to, entries));
  }

  @Override
  public void takeDue(long watermark, DueHandler handler) {
    isLettingGo = true;
    try {
      letGo(watermark, handler);
    } finally {
      isLettingGo = false;
    }
    charge();
  }

  private void letGo(long watermark, DueHandler handler) {
    long last = Long.MIN_VALUE;
    while (true) {
      long slice = firstSlice();
      // Of the slice of the watermark itself, what is due has been taken the first time.
      if (slice == Long.MAX_VALUE || slice << SLICE_SHIFT >= watermark || slice == last) {
        return;
      }
      boolean isOver = watermark >> SLICE_SHIFT > slice;
      letGo(slice, isOver ? endOf(slice) : watermark, handler);
      if (isOver) {
        spilled.removeSlice(slice);
      } else {
        last = slice;
      }
    }
  }

  /** What is due and not on the heap comes back to it, in portions. */
  private void letGo(long slice, long untilMillis, DueHandler handler) {
    boolean isMore;
    do {
      isMore = spilled.hasSlice(slice) && spilled.moveDue(untilMillis, heap::hold);
      heap.takeDue(untilMillis, handler);
    } while (isMore);
  }

  private static long endOf(long slice) {
    return (slice + 1) << SLICE_SHIFT;
  }

  /** The first slice in which something can fall due; the largest number if there is none. */
  private long firstSlice() {
    long onHeap = heap.firstDueMillis();
    long first = onHeap == Long.MAX_VALUE ? onHeap : onHeap >> SLICE_SHIFT;
    return spilled.isEmpty() ? first : Math.min(first, spilled.firstSlice());
  }

  /**
   * One slice at a time: the states of other tasks give way, too. A slice that is leaving stays.
   */
  private void charge() {
    noteBytes();
    if (isLettingGo || !budget.isExceeded() || heap.size() == 0) {
      return;
    }
    long slice = heap.lastDueMillis() >> SLICE_SHIFT;
    if (slice > spilled.headSlice()) {
      spilled.addSlice(slice);
      heap.drain(slice << SLICE_SHIFT, spilled::hold);
      noteBytes();
    }
  }

  private void noteBytes() {
    long bytes = heap.bytes() + spilled.heapBytes();
    budget.change(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  /** The state is not used any more. */
  void release() {
    budget.change(-chargedBytes);
    chargedBytes = 0;
  }

  /** Hands over what is on the heap, in parts that {@link #restore} takes in any order. */
  void save(byte kernel, Consumer<byte[]> parts) {
    byte[] slices = spilled.save();
    parts.accept(
        ByteBuffer.allocate(2 + slices.length).put(kernel).put(SLICES).put(slices).array());
    Part part = new Part(kernel, parts);
    heap.forEach(part);
    part.send();
  }

  /**
   * Takes a part of what an earlier state has saved.
   *
   * @param part behind the number of the kernel
   */
  void restore(ByteBuffer part) {
    try {
      if (part.get() == SLICES) {
        spilled.restore(part);
        return;
      }
      while (part.hasRemaining()) {
        byte kind = part.get();
        long timeMillis = part.getLong();
        long dueMillis = part.getLong();
        heap.hold(kind, bytes(part), timeMillis, bytes(part), bytes(part), dueMillis);
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("a part of the state ends early", e);
    }
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] content = new byte[in.getInt()];
    in.get(content);
    return content;
  }

  /** Receives entries. */
  interface EntryVisitor {
    void entry(byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis);
  }

  /** Entries on their way into one array. */
  private static final class Part implements EntryVisitor {
    private final byte kernel;
    private final Consumer<byte[]> parts;
    private ByteBuffer out = ByteBuffer.allocate(PART_BYTES);

    private Part(byte kernel, Consumer<byte[]> parts) {
      this.kernel = kernel;
      this.parts = parts;
    }

    @Override
    public void entry(
        byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
      int bytes = ENTRY_BYTES + key.length + value.length + note.length;
      if (out.remaining() < bytes + 2) {
        send();
        if (out.remaining() < bytes + 2) {
          out = ByteBuffer.allocate(bytes + 2);
        }
      }
      if (out.position() == 0) {
        out.put(kernel).put(ENTRIES);
      }
      out.put(kind).putLong(timeMillis).putLong(dueMillis);
      out.putInt(key.length).put(key).putInt(value.length).put(value);
      out.putInt(note.length).put(note);
    }

    private void send() {
      if (out.position() > 0) {
        parts.accept(Arrays.copyOf(out.array(), out.position()));
        out.clear();
      }
    }
  }
}
