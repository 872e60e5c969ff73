package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's state of two layers: on the heap, as far as a {@link HeapBudget} allows, and in a
 * {@link WindowBuffer}. What is held and let go on the heap costs the buffer nothing. Not
 * thread-safe.
 *
 * <p>Due time is cut into slices of four seconds. A slice is on the heap until the budget is
 * exceeded: then the slice that is due last moves to the buffer as a whole, and what is held for it
 * later goes there at once. What is due first stays, because it leaves by itself. All entries of
 * one kind, key and time are due together, so they are in one layer, and the layers let go in
 * turns.
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
  private final BufferedState buffer;
  private final HeapBudget budget;
  private final TreeSet<Long> inBuffer = new TreeSet<>();
  private long chargedBytes;
  private boolean isLettingGo;

  LayeredState(BufferedState buffer, HeapBudget budget) {
    this.buffer = requireNonNull(buffer, "buffer");
    this.budget = requireNonNull(budget, "budget");
  }

  @Override
  public @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value) {
    Held held = heap.find(kind, key, timeMillis, value);
    return held == null && !inBuffer.isEmpty() ? buffer.find(kind, key, timeMillis, value) : held;
  }

  @Override
  public void hold(
      byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
    if (!inBuffer.isEmpty() && inBuffer.contains(dueMillis >> SLICE_SHIFT)) {
      buffer.hold(kind, key, timeMillis, value, note, dueMillis);
    } else {
      heap.hold(kind, key, timeMillis, value, note, dueMillis);
      charge();
    }
  }

  @Override
  public void note(Held held, byte[] note) {
    // Nothing moves here: the caller may have found further entries, which it is going to note,
    // too.
    if (heap.owns(held)) {
      heap.note(held, note);
    } else {
      buffer.note(held, note);
    }
  }

  @Override
  public boolean any(byte kind, byte[] key, long firstMillis, long lastMillis) {
    return heap.any(kind, key, firstMillis, lastMillis)
        || (!inBuffer.isEmpty() && buffer.any(kind, key, firstMillis, lastMillis));
  }

  @Override
  public List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis) {
    List<Held> found = heap.between(kind, key, firstMillis, lastMillis);
    if (inBuffer.isEmpty()) {
      return found;
    }
    List<Held> further = buffer.between(kind, key, firstMillis, lastMillis);
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
    return inBuffer.contains(dueMillis >> SLICE_SHIFT)
        ? buffer.take(kind, key, timeMillis, dueMillis)
        : heap.take(kind, key, timeMillis, dueMillis);
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
      if (inBuffer.contains(slice)) {
        buffer.takeDue(isOver ? endOf(slice) : watermark, handler);
        if (isOver) {
          inBuffer.remove(slice);
        }
      } else {
        heap.takeDue(isOver ? endOf(slice) : watermark, handler);
      }
      if (!isOver) {
        last = slice;
      }
    }
  }

  private static long endOf(long slice) {
    return (slice + 1) << SLICE_SHIFT;
  }

  /** The first slice in which something can fall due; the largest number if there is none. */
  private long firstSlice() {
    long onHeap = heap.firstDueMillis();
    long first = onHeap == Long.MAX_VALUE ? onHeap : onHeap >> SLICE_SHIFT;
    return inBuffer.isEmpty() ? first : Math.min(first, inBuffer.first());
  }

  /** One slice at a time: the states of other tasks give way, too. */
  private void charge() {
    noteBytes();
    if (!isLettingGo && budget.isExceeded() && heap.size() > 0) {
      long slice = heap.lastDueMillis() >> SLICE_SHIFT;
      inBuffer.add(slice);
      heap.drain(slice << SLICE_SHIFT, buffer::hold);
      noteBytes();
    }
  }

  private void noteBytes() {
    long bytes = heap.bytes();
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
    ByteBuffer slices = ByteBuffer.allocate(2 + inBuffer.size() * Long.BYTES);
    slices.put(kernel).put(SLICES);
    inBuffer.forEach(slices::putLong);
    parts.accept(slices.array());
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
        while (part.hasRemaining()) {
          inBuffer.add(part.getLong());
        }
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
