package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Distinct texts, null among them, with ids in order of arrival. They lie behind one another in one
 * array as UTF-8, so that a field goes from the bytes of its record into the dictionary without
 * becoming a String. Not thread-safe: the index's lock guards it. Arrays are only appended to, and
 * replaced when they grow, so that a reader who took {@link #texts()} under the lock may go on
 * reading the ids that it knew then.
 */
final class TextDictionary {
  private static final int NO_ID = -1;

  /** How many look-ups wait for memory together. */
  private static final int AHEAD = 64;

  /** A smaller dictionary is in the caches anyway. */
  private static final int LARGE = 4096;

  private static final long EMPTY = 0;
  private static final long HASH_MASK = 0xFFFFFFFF00000000L;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] text = new byte[256];

  /** Where the text of each id begins; that of the next id is where it ends. */
  private int[] starts = new int[16];

  /**
   * Open addressing: half of the hash in the high half and the id plus one in the low, or {@link
   * #EMPTY}. With the hash at hand, other values are told apart without a look at them, which would
   * be two misses of the cache each.
   */
  private long[] slots = new long[32];

  private int size;
  private int nullId = NO_ID;

  /** The id that was asked for last: rows of equal values tend to come together. */
  private int lastId;

  private long lastHash;

  private final long[] hashes = new long[AHEAD];
  private final int[] places = new int[AHEAD];

  /** Nobody reads it: it keeps the compiler from leaving out what is read ahead. */
  private int unusedSum;

  int size() {
    return size;
  }

  /** The texts of the ids so far, which stay readable while others are added. */
  Texts texts() {
    return new Texts(text, starts, size, nullId);
  }

  /** The id of a value, or a negative number. */
  int find(String value) {
    if (value == null) {
      return nullId;
    }
    byte[] utf8 = utf8(value);
    return idIn(slots[slotOf(utf8, 0, utf8.length, hash(utf8, 0, utf8.length))]);
  }

  /** The id of a value, a new one if it was not known. */
  int intern(String value) {
    if (value == null) {
      if (nullId < 0) {
        nullId = append(text, 0, 0);
      }
      return nullId;
    }
    byte[] utf8 = utf8(value);
    return intern(utf8, 0, utf8.length);
  }

  /** The id of a text in UTF-8, a new one if it was not known. */
  int intern(byte[] utf8, int from, int to) {
    return intern(utf8, from, to, hash(utf8, from, to));
  }

  /**
   * The ids of several texts, as {@link #intern(byte[], int, int)} gives each.
   *
   * @param ids gets them from {@code idsAt} on
   */
  void internAll(byte[][] utf8, int[] froms, int[] tos, int count, int[] ids, int idsAt) {
    for (int at = 0; at < count; at += AHEAD) {
      int end = Math.min(at + AHEAD, count);
      if (size < LARGE) {
        for (int i = at; i < end; i++) {
          ids[idsAt + i] = intern(utf8[i], froms[i], tos[i]);
        }
      } else {
        readAhead(utf8, froms, tos, at, end);
        for (int i = at; i < end; i++) {
          ids[idsAt + i] = intern(utf8[i], froms[i], tos[i], hashes[i - at]);
        }
      }
    }
  }

  /**
   * Hashes texts, and reads what their look-ups will read, step by step for all of them: no read
   * depends on the one of the text before, so that they are under way at the same time. One after
   * another, each would wait for memory three times.
   */
  private void readAhead(byte[][] utf8, int[] froms, int[] tos, int from, int to) {
    int mask = slots.length - 1;
    int count = to - from;
    for (int i = 0; i < count; i++) {
      long hash = hash(utf8[from + i], froms[from + i], tos[from + i]);
      hashes[i] = hash;
      places[i] = Math.max(0, idIn(slots[(int) (hash >>> 32) & mask]));
    }
    for (int i = 0; i < count; i++) {
      places[i] = starts[places[i]];
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += text[Math.min(places[i], text.length - 1)];
    }
    unusedSum = sum;
  }

  private int intern(byte[] utf8, int from, int to, long hash) {
    if (hash == lastHash && size > 0 && lastId != nullId && isText(lastId, utf8, from, to)) {
      return lastId;
    }
    int slot = slotOf(utf8, from, to, hash);
    int id = idIn(slots[slot]);
    if (id < 0) {
      id = append(utf8, from, to);
      slots[slot] = (hash & HASH_MASK) | (id + 1);
      if (size * 2L > slots.length) {
        rehash();
      }
    }
    lastId = id;
    lastHash = hash;
    return id;
  }

  long estimatedBytes() {
    return text.length + 4L * starts.length + 8L * slots.length;
  }

  private static byte[] utf8(String value) {
    return Utf8Order.wellFormed(value).getBytes(StandardCharsets.UTF_8);
  }

  private int append(byte[] utf8, int from, int to) {
    int start = starts[size];
    int length = to - from;
    if (length > MAX_BYTES - start) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "a dictionary of %,d values holds at most %,d bytes; persist it before adding more"
              .formatted(size, MAX_BYTES));
    }
    if (start + length > text.length) {
      text =
          Arrays.copyOf(
              text, (int) Math.min(MAX_BYTES, Math.max(start + length, text.length * 2L)));
    }
    if (size + 1 == starts.length) {
      starts = Arrays.copyOf(starts, size * 2 + 2);
    }
    System.arraycopy(utf8, from, text, start, length);
    starts[size + 1] = start + length;
    return size++;
  }

  /** The id in a slot, or a negative number if it is empty. */
  private static int idIn(long slot) {
    return (int) slot - 1;
  }

  private int slotOf(byte[] utf8, int from, int to, long hash) {
    int mask = slots.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (slots[slot] != EMPTY && !holds(slots[slot], utf8, from, to, hash)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean holds(long slot, byte[] utf8, int from, int to, long hash) {
    return (slot ^ hash) >>> 32 == 0 && isText(idIn(slot), utf8, from, to);
  }

  private boolean isText(int id, byte[] utf8, int from, int to) {
    int start = starts[id];
    int length = to - from;
    if (starts[id + 1] - start != length) {
      return false;
    }
    int at = 0;
    for (; at <= length - Long.BYTES; at += Long.BYTES) {
      if ((long) LONGS.get(text, start + at) != (long) LONGS.get(utf8, from + at)) {
        return false;
      }
    }
    int rest = length - at;
    return rest == 0 || tail(text, start + at, rest) == tail(utf8, from + at, rest);
  }

  /** Eight bytes at a time: multiplied to 128 bits, both halves of which are joined. */
  private static long hash(byte[] bytes, int from, int to) {
    long hash = (to - from) * 0x9E3779B97F4A7C15L;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      hash = fold(hash ^ (long) LONGS.get(bytes, at));
    }
    if (at < to) {
      hash = fold(hash ^ tail(bytes, at, to - at));
    }
    return fold(hash);
  }

  private static long fold(long bits) {
    return Math.multiplyHigh(bits, 0x9FB21C651E98DF25L) ^ (bits * 0x9FB21C651E98DF25L);
  }

  /** Up to seven bytes as a number. */
  private static long tail(byte[] bytes, int at, int count) {
    if (at <= bytes.length - Long.BYTES) {
      return (long) LONGS.get(bytes, at) & ((1L << (Byte.SIZE * count)) - 1);
    }
    long tail = 0;
    for (int i = count - 1; i >= 0; i--) {
      tail = (tail << Byte.SIZE) | (bytes[at + i] & 0xFF);
    }
    return tail;
  }

  private void rehash() {
    long[] old = slots;
    slots = new long[old.length * 2];
    int mask = slots.length - 1;
    for (long slot : old) {
      if (slot != EMPTY) {
        int at = (int) (slot >>> 32) & mask;
        while (slots[at] != EMPTY) {
          at = (at + 1) & mask;
        }
        slots[at] = slot;
      }
    }
  }
}
