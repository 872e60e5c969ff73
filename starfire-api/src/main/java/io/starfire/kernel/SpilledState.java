package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.kernel.KernelState.Held;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a kernel that are in a {@link WindowBuffer}, which is a store on the disk. Each is
 * a <em>row</em> in the order of due time, so that what falls due is read in one go and comes back
 * to the heap. A small <em>place</em> for each kind, key and time says when its rows are due; it is
 * how they are found by their key. Both are in the buffer; on the heap there is only a count of the
 * places of each key, since most keys that are looked for have none.
 *
 * <p>Due time is cut into slices by {@link LayeredState}; it says which slices are here. What falls
 * due before the {@link #head} has left, and what is held there later is not for here. Not
 * thread-safe.
 */
final class SpilledState {
  /** No limit: what is found is in one window of one key. */
  private static final int ALL = Integer.MAX_VALUE;

  private static final int MOVED_ROWS = 1_000;

  /** Rows that have left are deleted together. */
  private static final int DELETED_ROWS = 10_000;

  private static final byte[] NOTHING = {};

  private final WindowBuffer buffer;
  private final byte rowKind;
  private final int sliceShift;
  private final TreeMap<Long, Integer> slices = new TreeMap<>();
  private final KeyCounts places = new KeyCounts();

  /** All rows that have not left are at or behind this. */
  private byte[] head;

  private byte[] deletedBelow;
  private int left;

  /**
   * @param kernel the number of the kernel in its stage, from 0
   * @param sliceShift a slice is all due times that are equal above so many bits
   */
  SpilledState(WindowBuffer buffer, int kernel, int sliceShift) {
    this.buffer = requireNonNull(buffer, "buffer");
    this.rowKind = BufferKeys.indexKind(kernel);
    this.sliceShift = sliceShift;
    this.head = BufferKeys.indexFrom(rowKind, 0);
    this.deletedBelow = head;
  }

  boolean isEmpty() {
    return slices.isEmpty();
  }

  /** What it takes on the heap. */
  long heapBytes() {
    return places.bytes();
  }

  /** From now on the entries of this slice are here. */
  void addSlice(long slice) {
    slices.putIfAbsent(slice, 0);
  }

  /** Nothing is left in this slice. */
  void removeSlice(long slice) {
    slices.remove(slice);
    deleteLeft(slices.isEmpty() ? 0 : DELETED_ROWS);
  }

  boolean hasSlice(long slice) {
    return !slices.isEmpty() && slices.containsKey(slice);
  }

  /** The first slice, of which there must be one. */
  long firstSlice() {
    return slices.firstKey();
  }

  /** The slice that is leaving or has left last. */
  long headSlice() {
    return BufferKeys.dueOf(head) >> sliceShift;
  }

  /** Whether an entry is held here: its slice is, and its turn has not come. */
  boolean isFor(byte kind, byte[] key, long timeMillis, long dueMillis) {
    if (!hasSlice(dueMillis >> sliceShift)) {
      return false;
    }
    long headMillis = BufferKeys.dueOf(head);
    return dueMillis > headMillis
        || (dueMillis == headMillis
            && Arrays.compareUnsigned(row(kind, key, timeMillis, NOTHING, dueMillis), head) >= 0);
  }

  @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value) {
    if (places.of(KeyCounts.hash(stored(kind), key)) == 0) {
      return null;
    }
    for (WindowBuffer.Entry place : places(kind, key, timeMillis, timeMillis)) {
      byte[] row = row(kind, key, timeMillis, value, BufferKeys.dueOfPlace(place.key()));
      byte[] note = buffer.get(row);
      if (note != null) {
        return new Row(row, note);
      }
    }
    return null;
  }

  /** Adds an entry that {@link #isFor} this, or replaces its note. */
  void hold(byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
    int hash = KeyCounts.hash(stored(kind), key);
    byte[] place = BufferKeys.place(stored(kind), key, timeMillis, dueMillis);
    if (places.of(hash) == 0 || buffer.get(place) == null) {
      buffer.put(place, NOTHING);
      places.add(hash);
    }
    buffer.put(row(kind, key, timeMillis, value, dueMillis), note);
    count(dueMillis, 1);
  }

  void note(Held held, byte[] note) {
    Row row = (Row) held;
    row.note = note;
    buffer.put(row.key, note);
  }

  boolean any(byte kind, byte[] key, long firstMillis, long lastMillis) {
    return !places(kind, key, firstMillis, lastMillis).isEmpty();
  }

  List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis) {
    List<Held> found = new ArrayList<>();
    for (WindowBuffer.Entry place : places(kind, key, firstMillis, lastMillis)) {
      found.addAll(rows(kind, key, place));
    }
    return found;
  }

  List<Held> take(byte kind, byte[] key, long timeMillis) {
    List<Held> taken = new ArrayList<>();
    for (WindowBuffer.Entry place : places(kind, key, timeMillis, timeMillis)) {
      for (Held row : rows(kind, key, place)) {
        buffer.delete(((Row) row).key);
        taken.add(row);
        count(BufferKeys.dueOf(((Row) row).key), -1);
      }
      buffer.delete(place.key());
      places.remove(KeyCounts.hash(stored(kind), key));
    }
    return taken;
  }

  /**
   * Hands over the first entries that are due below a time, in order, and lets them go. All of one
   * kind, key and time go together.
   *
   * @return false if there were none
   */
  boolean moveDue(long untilMillis, LayeredState.EntryVisitor visitor) {
    List<WindowBuffer.Entry> rows =
        buffer.scan(head, BufferKeys.indexFrom(rowKind, untilMillis), MOVED_ROWS);
    if (rows.isEmpty()) {
      return false;
    }
    byte[] end = BufferKeys.behindGroup(rows.get(rows.size() - 1).key());
    if (rows.size() == MOVED_ROWS) {
      rows.addAll(buffer.scan(BufferKeys.behind(rows.get(MOVED_ROWS - 1).key()), end, ALL));
    }
    byte[] place = NOTHING;
    for (WindowBuffer.Entry entry : rows) {
      byte[] row = entry.key();
      byte storedKind = BufferKeys.kindOf(row);
      byte[] key = BufferKeys.keyOf(row);
      long timeMillis = BufferKeys.timeOfIndex(row);
      long dueMillis = BufferKeys.dueOf(row);
      byte[] next = BufferKeys.place(storedKind, key, timeMillis, dueMillis);
      if (!Arrays.equals(next, place)) {
        place = next;
        buffer.delete(place);
        places.remove(KeyCounts.hash(storedKind, key));
      }
      byte kind = (byte) (storedKind - rowKind);
      visitor.entry(kind, key, timeMillis, BufferKeys.valueOfRow(row), entry.value(), dueMillis);
    }
    head = end;
    // They are of one slice: the one that leaves.
    count(BufferKeys.dueOf(rows.get(0).key()), -rows.size());
    left += rows.size();
    deleteLeft(DELETED_ROWS);
    return true;
  }

  /** See {@link KernelState#step}. */
  long step(long from, long to, int entries) {
    DueSteps steps = new DueSteps(from, to, entries);
    for (var slice : slices.tailMap(from >> sliceShift, true).entrySet()) {
      long start = slice.getKey() << sliceShift;
      if (steps.isEnoughWith(start, start + (1L << sliceShift), slice.getValue())) {
        break;
      }
    }
    return steps.end();
  }

  /** An estimate: an entry that is replaced counts again. */
  private void count(long dueMillis, int entries) {
    slices.merge(dueMillis >> sliceShift, entries, (one, more) -> Math.max(0, one + more));
  }

  private void deleteLeft(int most) {
    if (left > most) {
      buffer.deleteRange(deletedBelow, head);
      deletedBelow = head;
      left = 0;
    }
  }

  /** What is to be known beside the buffer to go on from here, as bytes. */
  byte[] save() {
    deleteLeft(0);
    ByteBuffer out =
        ByteBuffer.allocate(
            Integer.BYTES + head.length + slices.size() * (Long.BYTES + Integer.BYTES));
    out.putInt(head.length).put(head);
    slices.forEach((slice, entries) -> out.putLong(slice).putInt(entries));
    return out.array();
  }

  /** Goes on with the buffer as it was when {@link #save} gave this. */
  void restore(ByteBuffer saved) {
    head = new byte[saved.getInt()];
    saved.get(head);
    deletedBelow = head;
    while (saved.hasRemaining()) {
      slices.put(saved.getLong(), saved.getInt());
    }
    byte[] from = {(byte) (rowKind + 1)};
    byte[] to = {(byte) (rowKind + KernelState.MAX_KIND + 1)};
    List<WindowBuffer.Entry> some;
    do {
      some = buffer.scan(from, to, MOVED_ROWS);
      for (WindowBuffer.Entry place : some) {
        places.add(KeyCounts.hash(place.key()[0], BufferKeys.keyOfPlace(place.key())));
        from = BufferKeys.behind(place.key());
      }
    } while (some.size() == MOVED_ROWS);
  }

  private List<WindowBuffer.Entry> places(
      byte kind, byte[] key, long firstMillis, long lastMillis) {
    int most = places.of(KeyCounts.hash(stored(kind), key));
    if (most == 0) {
      return List.of();
    }
    // To look further than to the last one would pass what was deleted behind it.
    return buffer.scan(
        BufferKeys.from(stored(kind), key, Math.max(0, firstMillis)),
        BufferKeys.from(stored(kind), key, lastMillis + 1),
        most);
  }

  private List<Held> rows(byte kind, byte[] key, WindowBuffer.Entry place) {
    byte[] from =
        row(kind, key, BufferKeys.timeOf(place.key()), NOTHING, BufferKeys.dueOfPlace(place.key()));
    List<Held> found = new ArrayList<>(1);
    for (WindowBuffer.Entry row : buffer.scan(from, BufferKeys.behindGroup(from), ALL)) {
      found.add(new Row(row.key(), row.value()));
    }
    return found;
  }

  private byte[] row(byte kind, byte[] key, long timeMillis, byte[] value, long dueMillis) {
    return BufferKeys.row(rowKind, dueMillis, stored(kind), key, timeMillis, value);
  }

  private byte stored(byte kind) {
    return (byte) (rowKind + kind);
  }

  private static final class Row implements Held {
    private final byte[] key;
    private byte[] note;

    private Row(byte[] key, byte[] note) {
      this.key = key;
      this.note = note;
    }

    @Override
    public long timeMillis() {
      return BufferKeys.timeOfIndex(key);
    }

    @Override
    public byte[] value() {
      return BufferKeys.valueOfRow(key);
    }

    @Override
    public byte[] note() {
      return note;
    }
  }
}
