package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's state in a {@link WindowBuffer}. Several kernels of one stage share a buffer: each has
 * kinds of its own in it. Entries that are due are found by an index in the same buffer, so that
 * the cost of a new watermark depends on what is due, not on what is held.
 */
final class BufferedState implements KernelState {
  /** No limit: all entries of a key in a range are read at once. They must fit into memory. */
  private static final int ALL = Integer.MAX_VALUE;

  private static final int DUE_BATCH = 256;
  private static final byte[] NOTHING = {};

  private final WindowBuffer buffer;
  private final byte indexKind;

  /**
   * Nothing is due before this. Below it the buffer of a driver can be full of what was deleted,
   * which a scan would have to pass.
   */
  private long nextDueMillis;

  /**
   * @param kernel the number of the kernel in its stage, from 0
   */
  BufferedState(WindowBuffer buffer, int kernel) {
    this.buffer = requireNonNull(buffer, "buffer");
    this.indexKind = BufferKeys.indexKind(kernel);
  }

  @Override
  public @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value) {
    byte[] entry = BufferKeys.event(stored(kind), key, timeMillis, value);
    byte[] note = buffer.get(entry);
    return note == null ? null : new Entry(entry, note);
  }

  @Override
  public void hold(
      byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
    buffer.put(BufferKeys.event(stored(kind), key, timeMillis, value), note);
    // It may be there already; to look would cost more than to write it again.
    buffer.put(BufferKeys.index(indexKind, dueMillis, stored(kind), key, timeMillis), NOTHING);
    nextDueMillis = Math.min(nextDueMillis, dueMillis);
  }

  @Override
  public void note(Held held, byte[] note) {
    Entry entry = (Entry) held;
    entry.note = note;
    buffer.put(entry.key, note);
  }

  @Override
  public boolean any(byte kind, byte[] key, long firstMillis, long lastMillis) {
    return !scan(kind, key, firstMillis, lastMillis, 1).isEmpty();
  }

  @Override
  public List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis) {
    List<WindowBuffer.Entry> found = scan(kind, key, firstMillis, lastMillis, ALL);
    List<Held> held = new ArrayList<>(found.size());
    for (WindowBuffer.Entry entry : found) {
      held.add(new Entry(entry.key(), entry.value()));
    }
    return held;
  }

  @Override
  public List<Held> take(byte kind, byte[] key, long timeMillis, long dueMillis) {
    buffer.delete(BufferKeys.index(indexKind, dueMillis, stored(kind), key, timeMillis));
    return remove(kind, key, timeMillis);
  }

  @Override
  public void takeDue(long watermark, DueHandler handler) {
    if (watermark <= nextDueMillis) {
      return;
    }
    byte[] to = BufferKeys.indexFrom(indexKind, watermark);
    byte[] from = BufferKeys.indexFrom(indexKind, nextDueMillis);
    nextDueMillis = watermark;
    while (true) {
      List<WindowBuffer.Entry> due = buffer.scan(from, to, DUE_BATCH);
      for (WindowBuffer.Entry entry : due) {
        take(entry.key(), handler);
      }
      if (due.size() == DUE_BATCH) {
        from = due.get(DUE_BATCH - 1).key();
      } else if (nextDueMillis < watermark) {
        // The handler has added what is due, too.
        from = BufferKeys.indexFrom(indexKind, nextDueMillis);
        nextDueMillis = watermark;
      } else {
        return;
      }
    }
  }

  private void take(byte[] index, DueHandler handler) {
    buffer.delete(index);
    byte kind = (byte) (BufferKeys.kindOf(index) - indexKind);
    byte[] key = BufferKeys.keyOf(index);
    long timeMillis = BufferKeys.timeOfIndex(index);
    List<Held> held = remove(kind, key, timeMillis);
    if (!held.isEmpty()) {
      handler.due(kind, key, timeMillis, held);
    }
  }

  private List<WindowBuffer.Entry> scan(
      byte kind, byte[] key, long firstMillis, long lastMillis, int limit) {
    return buffer.scan(
        BufferKeys.from(stored(kind), key, Math.max(0, firstMillis)),
        BufferKeys.from(stored(kind), key, lastMillis + 1),
        limit);
  }

  private List<Held> remove(byte kind, byte[] key, long timeMillis) {
    List<Held> held = between(kind, key, timeMillis, timeMillis);
    for (Held entry : held) {
      buffer.delete(((Entry) entry).key);
    }
    return held;
  }

  private byte stored(byte kind) {
    return (byte) (indexKind + kind);
  }

  private static final class Entry implements Held {
    private final byte[] key;
    private byte[] note;

    private Entry(byte[] key, byte[] note) {
      this.key = key;
      this.note = note;
    }

    @Override
    public long timeMillis() {
      return BufferKeys.timeOf(key);
    }

    @Override
    public byte[] value() {
      return BufferKeys.valueOf(key);
    }

    @Override
    public byte[] note() {
      return note;
    }
  }
}
