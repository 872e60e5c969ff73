package io.starfire.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel holds in one task: entries, each of a kind, a key, an event time and a value, with
 * a note that can change, and with the time at which the entry falls due and leaves. A kernel says
 * what is held, found and let go; how it is stored is the driver's. No array is copied: do not
 * change one after passing it in or receiving it. Not thread-safe.
 *
 * <p>A key has at most one entry of the same kind, time and value.
 */
interface KernelState {
  /** An entry. It is valid until the state changes. */
  interface Held {
    long timeMillis();

    byte[] value();

    byte[] note();
  }

  /** The entry of this kind, key, time and value; null if there is none. */
  @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value);

  /**
   * Adds an entry, or replaces the note of the one that is there.
   *
   * @param kind from 1 to {@link #MAX_KIND}, inclusive
   * @param timeMillis not negative
   * @param dueMillis the entry leaves when the watermark is above this; the same for all entries of
   *     one kind, key and time
   */
  void hold(byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis);

  /** Changes the note of an entry. */
  void note(Held held, byte[] note);

  /** Whether there is an entry of a kind and key from one time to another, both inclusive. */
  boolean any(byte kind, byte[] key, long firstMillis, long lastMillis);

  /**
   * The entries of a kind and key from one time to another, both inclusive, by time and value. The
   * list is the caller's own.
   */
  List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis);

  /** Removes all entries of a kind, key and time before they are due, and returns them. */
  List<Held> take(byte kind, byte[] key, long timeMillis, long dueMillis);

  /**
   * Removes what is due below the watermark, exclusive, in the order of due time and kind. The
   * handler may change the state.
   */
  void takeDue(long watermark, DueHandler handler);

  /**
   * How far a watermark can rise for about so many entries to fall due. Entries that are due within
   * a second, and many of which are due in the same millisecond, can be more.
   *
   * @param from where it stands; what is due below it counts as gone
   * @param to above {@code from}
   * @return above {@code from}, and at most {@code to}
   */
  default long step(long from, long to, int entries) {
    return to;
  }

  /** The largest kind. */
  byte MAX_KIND = 15;

  /** Receives the entries of one kind, key and time that fell due and were removed. */
  interface DueHandler {
    void due(byte kind, byte[] key, long timeMillis, List<Held> entries);
  }
}
