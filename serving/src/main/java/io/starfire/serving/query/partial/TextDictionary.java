package io.starfire.serving.query.partial;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.vector.VectorReader;
import io.starfire.serving.query.vector.VectorWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts, as UTF-8 one after the other in one array. They are found by a hash of their bytes, once
 * one is looked for: a dictionary that is only merged into another one makes no table. Not
 * thread-safe.
 */
public final class TextDictionary extends Dictionary {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private byte[] text = new byte[256];

  /** Of each id; that of null is 0, so that the first text begins there. */
  private int[] ends = new int[16];

  private int size = 1;

  /** Of each id, and the table of them; as long as ends, or empty while nothing is looked for. */
  private int[] hashes = {};

  private final Slots slots = new Slots();

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable String value(int id) {
    return id == 0
        ? null
        : new String(text, ends[id - 1], ends[id] - ends[id - 1], StandardCharsets.UTF_8);
  }

  @Override
  public int add(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    byte[] utf8 = ((String) value).getBytes(StandardCharsets.UTF_8);
    return add(utf8, 0, utf8.length);
  }

  /** Adds a text that is known to be new. */
  public int addNew(byte[] utf8) {
    reserve(utf8.length);
    System.arraycopy(utf8, 0, text, ends[size - 1], utf8.length);
    ends[size] = ends[size - 1] + utf8.length;
    if (hashes.length > 0) {
      int hash = hash(utf8, 0, utf8.length);
      int place = slots.first(hash);
      while (slots.entry(place) >= 0) {
        place = slots.next(place);
      }
      slots.put(place, size);
      hashes[size] = hash;
    }
    return size++;
  }

  private int add(byte[] utf8, int from, int length) {
    return add(utf8, from, length, hash(utf8, from, length));
  }

  private int add(byte[] utf8, int from, int length, int hash) {
    makeTable();
    reserve(length);
    int place = find(utf8, from, length, hash);
    int found = slots.entry(place);
    if (found >= 0) {
      return found;
    }
    System.arraycopy(utf8, from, text, ends[size - 1], length);
    ends[size] = ends[size - 1] + length;
    hashes[size] = hash;
    slots.put(place, size);
    return size++;
  }

  @Override
  int hash(int id) {
    if (id == 0) {
      return 0;
    }
    return hashes.length > 0 ? hashes[id] : hash(text, ends[id - 1], ends[id] - ends[id - 1]);
  }

  @Override
  int addFrom(Dictionary other, int id, int hash) {
    if (other instanceof SharedDictionary shared) {
      // Its hash is one of ids.
      byte[] utf8 = shared.utf8(id);
      return add(utf8, 0, utf8.length);
    }
    TextDictionary from = (TextDictionary) other;
    return add(from.text, from.ends[id - 1], from.ends[id] - from.ends[id - 1], hash);
  }

  @Override
  void append(Dictionary other) {
    TextDictionary added = (TextDictionary) other;
    int bytes = added.ends[added.size - 1];
    // A table would have to know them too.
    hashes = new int[0];
    reserve(bytes);
    System.arraycopy(added.text, 0, text, ends[size - 1], bytes);
    int total = size + added.size - 1;
    if (total > ends.length) {
      ends = Arrays.copyOf(ends, Math.max(total, 2 * size));
    }
    int shift = ends[size - 1];
    for (int id = 1; id < added.size; id++) {
      ends[size + id - 1] = shift + added.ends[id];
    }
    size = total;
  }

  /** The place of a text, or the free one where it would be. */
  private int find(byte[] utf8, int from, int length, int hash) {
    int place = slots.first(hash);
    for (int id = slots.entry(place); id >= 0; id = slots.entry(place)) {
      if (hashes[id] == hash
          && ends[id] - ends[id - 1] == length
          && Arrays.equals(text, ends[id - 1], ends[id], utf8, from, from + length)) {
        return place;
      }
      place = slots.next(place);
    }
    return place;
  }

  /** The id of a text, or a negative number if it is not here. */
  public int idOf(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    makeTable();
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return slots.entry(find(utf8, 0, utf8.length, hash(utf8, 0, utf8.length)));
  }

  private void makeTable() {
    if (hashes.length > 0) {
      return;
    }
    hashes = new int[ends.length];
    for (int id = 1; id < size; id++) {
      hashes[id] = hash(text, ends[id - 1], ends[id] - ends[id - 1]);
    }
    slots.refill(ends.length, hashes, 1, size);
  }

  private void reserve(int length) {
    long needed = (long) ends[size - 1] + length;
    if (needed > MAX_BYTES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the values of one dimension of the query's groups take more than %,d bytes; use a filter or a shorter interval"
              .formatted(MAX_BYTES));
    }
    if (needed > text.length) {
      text = Arrays.copyOf(text, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * text.length)));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      if (hashes.length > 0) {
        hashes = Arrays.copyOf(hashes, 2 * size);
        slots.refill(ends.length, hashes, 1, size);
      }
    }
  }

  @Override
  int[] addAll(Dictionary other, QueryControl control) {
    TextDictionary added = (TextDictionary) other;
    int[] ids = new int[added.size];
    for (int id = 1; id < added.size; id++) {
      if (id % IDS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      ids[id] = add(added.text, added.ends[id - 1], added.ends[id] - added.ends[id - 1]);
    }
    return ids;
  }

  @Override
  public int compare(int id, Dictionary other, int otherId) {
    if (id == 0 || otherId == 0) {
      return Boolean.compare(id != 0, otherId != 0);
    }
    if (other instanceof SharedDictionary) {
      return -other.compare(otherId, this, id);
    }
    TextDictionary right = (TextDictionary) other;
    return Arrays.compareUnsigned(
        text, ends[id - 1], ends[id], right.text, right.ends[otherId - 1], right.ends[otherId]);
  }

  @Override
  public long bytes() {
    return text.length + 4L * ends.length + 4L * hashes.length + slots.bytes();
  }

  /** Eight bytes at a time; every bit of the result depends on all of them. */
  private static int hash(byte[] bytes, int from, int length) {
    long hash = length * MULTIPLIER;
    int at = from;
    int end = from + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(bytes, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = (rest << 8) | (bytes[at] & 0xFF);
    }
    hash = mix(hash ^ rest);
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long value) {
    long product = value * MULTIPLIER;
    return product ^ (product >>> 29);
  }

  @Override
  void write(VectorWriter out) {
    out.putInt(size);
    out.putInts(ends, size);
    out.putBytes(text, 0, ends[size - 1]);
  }

  static TextDictionary read(VectorReader in) {
    TextDictionary read = new TextDictionary();
    read.size = in.getInt();
    if (read.size < 1) {
      throw VectorReader.damaged("a dictionary of %d values".formatted(read.size));
    }
    read.ends = in.ints(read.size);
    for (int id = 0; id < read.size; id++) {
      if (read.ends[id] < (id == 0 ? 0 : read.ends[id - 1]) || (id == 0 && read.ends[0] > 0)) {
        throw VectorReader.damaged("a text that ends at %d".formatted(read.ends[id]));
      }
    }
    read.text = in.bytes(read.ends[read.size - 1]);
    return read;
  }
}
