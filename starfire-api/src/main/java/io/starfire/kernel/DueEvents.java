package io.starfire.kernel;

import java.util.List;

/**
 * Finds the entries of a buffer that are due, in the order of their due times. The cost of a new
 * watermark depends on what is due, not on what is held.
 */
final class DueEvents {
  private static final int BATCH = 256;
  private static final byte[] PRESENT = {};

  private final WindowBuffer buffer;

  DueEvents(WindowBuffer buffer) {
    this.buffer = buffer;
  }

  void schedule(long dueMillis, byte kind, byte[] key) {
    byte[] index = BufferKeys.index(dueMillis, kind, key);
    if (buffer.get(index) == null) {
      buffer.put(index, PRESENT);
    }
  }

  void unschedule(long dueMillis, byte kind, byte[] key) {
    buffer.delete(BufferKeys.index(dueMillis, kind, key));
  }

  /**
   * Removes everything that is due before the watermark, exclusive, and passes it to the handler.
   */
  void takeBefore(long watermark, Handler handler) {
    if (watermark <= 0) {
      return;
    }
    byte[] from = BufferKeys.indexFrom(0);
    byte[] to = BufferKeys.indexFrom(watermark);
    List<WindowBuffer.Entry> due = buffer.scan(from, to, BATCH);
    while (!due.isEmpty()) {
      for (WindowBuffer.Entry entry : due) {
        byte[] index = entry.key();
        buffer.delete(index);
        handler.due(BufferKeys.dueOf(index), BufferKeys.kindOf(index), BufferKeys.keyOf(index));
      }
      due = due.size() < BATCH ? List.of() : buffer.scan(from, to, BATCH);
    }
  }

  /** Receives each kind and key that is due. */
  interface Handler {
    void due(long dueMillis, byte kind, byte[] key);
  }
}
