package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's state on the heap: one object an entry. It hangs in the chain of its key in a hash
 * table, and stands in the bucket of the second at which it falls due, so that nothing is looked up
 * to let it go. Buckets exist only where something falls due; entries that are due years apart cost
 * nothing between them. Not thread-safe.
 *
 * <p>A key with many entries is crowded: its entries move from the chain into a sorted set, so that
 * a key that half of all events have costs the logarithm of what it holds.
 */
final class HeapState implements KernelState {
  /** A bucket spans 1,024 milliseconds. */
  private static final int BUCKET_SHIFT = 10;

  private static final int FIRST_SLOTS = 64;
  private static final int MOST_SLOTS = 1 << 30;
  private static final int CROWD = 32;
  private static final byte[] LEAST_VALUE = {};

  private static final Comparator<Entry> BY_TIME =
      (a, b) ->
          a.timeMillis != b.timeMillis
              ? Long.compare(a.timeMillis, b.timeMillis)
              : Arrays.compareUnsigned(a.value, b.value);

  private static final Comparator<Entry> BY_KIND =
      (a, b) -> a.kind != b.kind ? Byte.compare(a.kind, b.kind) : BY_TIME.compare(a, b);

  /** The order in which entries leave; keys of equal length first, as in a {@link WindowBuffer}. */
  private static final Comparator<Entry> BY_DUE =
      (a, b) -> {
        if (a.dueMillis != b.dueMillis) {
          return Long.compare(a.dueMillis, b.dueMillis);
        }
        if (a.kind != b.kind) {
          return Byte.compare(a.kind, b.kind);
        }
        if (a.key.length != b.key.length) {
          return Integer.compare(a.key.length, b.key.length);
        }
        int byKey = Arrays.compareUnsigned(a.key, b.key);
        return byKey != 0 ? byKey : BY_TIME.compare(a, b);
      };

  private Node[] slots = new Node[FIRST_SLOTS];
  private int nodes;
  private int size;
  private long bytes;
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
  private long recentNumber;
  private @Nullable Bucket recent;
  private byte @Nullable [] hashed;
  private int hash;

  /** How many entries are held. */
  int size() {
    return size;
  }

  /** An estimate of what the entries take. */
  long bytes() {
    return bytes;
  }

  /** Whether an entry is of a state on the heap. */
  boolean owns(Held held) {
    return held instanceof Entry;
  }

  /** Nothing falls due before this; the largest number if nothing is held. */
  long firstDueMillis() {
    return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey() << BUCKET_SHIFT;
  }

  /** A time in the bucket that falls due last, of which there must be one. */
  long lastDueMillis() {
    return buckets.lastKey() << BUCKET_SHIFT;
  }

  /** Hands over all entries, in no order. */
  void forEach(LayeredState.EntryVisitor visitor) {
    buckets.values().forEach(bucket -> bucket.forEach(visitor));
  }

  /**
   * Removes the entries that are due at a time or later, and hands them over in no order.
   *
   * @param dueMillis the beginning of a bucket
   */
  void drain(long dueMillis, LayeredState.EntryVisitor visitor) {
    while (!buckets.isEmpty() && buckets.lastKey() << BUCKET_SHIFT >= dueMillis) {
      Bucket bucket = buckets.lastEntry().getValue();
      bucket.forEach(visitor);
      for (int i = 0; i < bucket.size; i++) {
        bucket.entries[i].place = Entry.GONE;
        unlink(bucket.entries[i]);
      }
      removeBucket(buckets.lastKey());
    }
  }

  @Override
  public @Nullable Held find(byte kind, byte[] key, long timeMillis, byte[] value) {
    int wanted = hash(key);
    for (Node node = slots[slot(wanted)]; node != null; node = node.next) {
      if (node.isOf(wanted, key)) {
        if (node instanceof Crowd crowd) {
          return crowd.find(kind, timeMillis, value);
        }
        Entry entry = (Entry) node;
        if (entry.is(kind, timeMillis, value)) {
          return entry;
        }
      }
    }
    return null;
  }

  @Override
  public void hold(
      byte kind, byte[] key, long timeMillis, byte[] value, byte[] note, long dueMillis) {
    int keyHash = hash(key);
    int ofKey = 0;
    Crowd crowd = null;
    for (Node node = slots[slot(keyHash)]; node != null; node = node.next) {
      if (node.isOf(keyHash, key)) {
        Entry entry;
        if (node instanceof Crowd found) {
          crowd = found;
          entry = crowd.find(kind, timeMillis, value);
        } else {
          entry = (Entry) node;
          ofKey++;
        }
        if (entry != null && entry.is(kind, timeMillis, value)) {
          note(entry, note);
          return;
        }
      }
    }
    Entry entry = new Entry(key, keyHash, kind, timeMillis, value, note, dueMillis);
    if (crowd == null && ofKey >= CROWD) {
      crowd = crowd(key, keyHash);
    }
    if (crowd == null) {
      link(entry);
    } else {
      crowd.entries.add(entry);
      entry.crowd = crowd;
    }
    bucket(dueMillis).add(entry);
    size++;
    bytes += entry.bytes();
  }

  @Override
  public void note(Held held, byte[] note) {
    Entry entry = (Entry) held;
    bytes += note.length - entry.note.length;
    entry.note = note;
  }

  @Override
  public boolean any(byte kind, byte[] key, long firstMillis, long lastMillis) {
    int wanted = hash(key);
    for (Node node = slots[slot(wanted)]; node != null; node = node.next) {
      if (node.isOf(wanted, key)) {
        if (node instanceof Crowd crowd) {
          return !crowd.between(kind, firstMillis, lastMillis).isEmpty();
        }
        if (((Entry) node).isWithin(kind, firstMillis, lastMillis)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public List<Held> between(byte kind, byte[] key, long firstMillis, long lastMillis) {
    return new ArrayList<>(entries(kind, key, firstMillis, lastMillis));
  }

  @Override
  public List<Held> take(byte kind, byte[] key, long timeMillis, long dueMillis) {
    List<Entry> taken = entries(kind, key, timeMillis, timeMillis);
    for (Entry entry : taken) {
      unlink(entry);
      if (entry.place >= 0) {
        removeFromBucket(entry);
      }
      entry.place = Entry.GONE;
    }
    return new ArrayList<>(taken);
  }

  @Override
  public void takeDue(long watermark, DueHandler handler) {
    for (Map.Entry<Long, Bucket> first = buckets.firstEntry();
        first != null;
        first = buckets.firstEntry()) {
      if (first.getKey() << BUCKET_SHIFT >= watermark) {
        return;
      }
      Entry[] due = first.getValue().takeBelow(watermark);
      if (first.getValue().size == 0) {
        removeBucket(first.getKey());
      }
      if (due.length == 0) {
        return;
      }
      Arrays.sort(due, BY_DUE);
      letGo(due, handler);
    }
  }

  @Override
  public long step(long from, long to, int entries) {
    DueSteps steps = new DueSteps(from, to, entries);
    for (Map.Entry<Long, Bucket> bucket : buckets.tailMap(from >> BUCKET_SHIFT, true).entrySet()) {
      long start = bucket.getKey() << BUCKET_SHIFT;
      if (steps.isEnoughWith(start, start + (1 << BUCKET_SHIFT), bucket.getValue().size)) {
        break;
      }
    }
    return steps.end();
  }

  private void letGo(Entry[] due, DueHandler handler) {
    int at = 0;
    while (at < due.length) {
      Entry first = due[at];
      List<Held> together = new ArrayList<>(1);
      for (; at < due.length && due[at].isTogetherWith(first); at++) {
        // The handler may have taken what is due after what it was called for.
        if (due[at].place != Entry.GONE) {
          due[at].place = Entry.GONE;
          unlink(due[at]);
          together.add(due[at]);
        }
      }
      if (!together.isEmpty()) {
        handler.due(first.kind, first.key, first.timeMillis, together);
      }
    }
  }

  /** Those of a kind and key within a time, in order. */
  private List<Entry> entries(byte kind, byte[] key, long firstMillis, long lastMillis) {
    int wanted = hash(key);
    List<Entry> found = new ArrayList<>(4);
    for (Node node = slots[slot(wanted)]; node != null; node = node.next) {
      if (node.isOf(wanted, key)) {
        if (node instanceof Crowd crowd) {
          found.addAll(crowd.between(kind, firstMillis, lastMillis));
          return found;
        }
        Entry entry = (Entry) node;
        if (entry.isWithin(kind, firstMillis, lastMillis)) {
          found.add(entry);
        }
      }
    }
    if (found.size() > 1) {
      found.sort(BY_TIME);
    }
    return found;
  }

  private Bucket bucket(long dueMillis) {
    long number = dueMillis >> BUCKET_SHIFT;
    if (recent == null || number != recentNumber) {
      recent = buckets.computeIfAbsent(number, missing -> new Bucket());
      recentNumber = number;
    }
    return recent;
  }

  private void removeFromBucket(Entry entry) {
    Bucket bucket = bucket(entry.dueMillis);
    bucket.remove(entry);
    if (bucket.size == 0) {
      removeBucket(entry.dueMillis >> BUCKET_SHIFT);
    }
  }

  private void removeBucket(long number) {
    buckets.remove(number);
    recent = null;
  }

  private Crowd crowd(byte[] key, int keyHash) {
    Crowd crowd = new Crowd(key, keyHash);
    Node kept = null;
    int slot = slot(keyHash);
    for (Node node = slots[slot], next; node != null; node = next) {
      next = node.next;
      if (node instanceof Entry entry && entry.isOf(keyHash, key)) {
        crowd.entries.add(entry);
        entry.crowd = crowd;
        entry.next = null;
        nodes--;
      } else {
        node.next = kept;
        kept = node;
      }
    }
    slots[slot] = kept;
    link(crowd);
    return crowd;
  }

  private void link(Node node) {
    if (nodes >= slots.length && slots.length < MOST_SLOTS) {
      grow();
    }
    int slot = slot(node.hash);
    node.next = slots[slot];
    slots[slot] = node;
    nodes++;
  }

  private void unlink(Entry entry) {
    size--;
    bytes -= entry.bytes();
    Crowd crowd = entry.crowd;
    if (crowd == null) {
      unlinkNode(entry);
      return;
    }
    crowd.entries.remove(entry);
    if (crowd.entries.isEmpty()) {
      unlinkNode(crowd);
    }
  }

  private void unlinkNode(Node node) {
    int slot = slot(node.hash);
    if (slots[slot] == node) {
      slots[slot] = node.next;
    } else {
      Node before = slots[slot];
      while (before.next != node) {
        before = requireNonNull(before.next, "every node is in the chain of its slot");
      }
      before.next = node.next;
    }
    nodes--;
  }

  private void grow() {
    Node[] before = slots;
    slots = new Node[before.length * 2];
    for (Node first : before) {
      for (Node node = first, next; node != null; node = next) {
        next = node.next;
        int slot = slot(node.hash);
        node.next = slots[slot];
        slots[slot] = node;
      }
    }
  }

  private int slot(int ofHash) {
    return ofHash & (slots.length - 1);
  }

  /** A kernel asks several times in turn about the key of one event. */
  private int hash(byte[] key) {
    if (key != hashed) {
      int mixed = Arrays.hashCode(key) * 0x9E3779B9;
      hash = mixed ^ mixed >>> 15;
      hashed = key;
    }
    return hash;
  }

  /** What hangs in a chain: an entry, or all entries of a crowded key. */
  private abstract static class Node {
    final byte[] key;
    final int hash;
    @Nullable Node next;

    private Node(byte[] key, int hash) {
      this.key = key;
      this.hash = hash;
    }

    final boolean isOf(int otherHash, byte[] otherKey) {
      return hash == otherHash && Arrays.equals(key, otherKey);
    }
  }

  private static final class Entry extends Node implements Held {
    static final int GONE = -2;
    static final int NOWHERE = -1;

    /** The object, the headers of its arrays, and its places in a chain and a bucket. */
    static final int OWN_BYTES = 128;

    final byte kind;
    final long timeMillis;
    final long dueMillis;
    final byte[] value;
    byte[] note;
    int place = NOWHERE;
    @Nullable Crowd crowd;

    private Entry(
        byte[] key, int hash, byte kind, long timeMillis, byte[] value, byte[] note, long due) {
      super(key, hash);
      this.kind = kind;
      this.timeMillis = timeMillis;
      this.value = value;
      this.note = note;
      this.dueMillis = due;
    }

    int bytes() {
      return OWN_BYTES + key.length + value.length + note.length;
    }

    boolean is(byte otherKind, long otherMillis, byte[] otherValue) {
      return kind == otherKind && timeMillis == otherMillis && Arrays.equals(value, otherValue);
    }

    boolean isWithin(byte otherKind, long firstMillis, long lastMillis) {
      return kind == otherKind && timeMillis >= firstMillis && timeMillis <= lastMillis;
    }

    boolean isTogetherWith(Entry other) {
      return this == other
          || (kind == other.kind
              && timeMillis == other.timeMillis
              && dueMillis == other.dueMillis
              && Arrays.equals(key, other.key));
    }

    @Override
    public long timeMillis() {
      return timeMillis;
    }

    @Override
    public byte[] value() {
      return value;
    }

    @Override
    public byte[] note() {
      return note;
    }
  }

  /** The entries of a crowded key. */
  private static final class Crowd extends Node {
    private final TreeSet<Entry> entries = new TreeSet<>(BY_KIND);

    private Crowd(byte[] key, int hash) {
      super(key, hash);
    }

    @Nullable Entry find(byte kind, long timeMillis, byte[] value) {
      Entry wanted = probe(kind, timeMillis, value);
      Entry found = entries.ceiling(wanted);
      return found != null && found.is(kind, timeMillis, value) ? found : null;
    }

    NavigableSet<Entry> between(byte kind, long firstMillis, long lastMillis) {
      return entries.subSet(
          probe(kind, firstMillis, LEAST_VALUE),
          true,
          probe(kind, lastMillis + 1, LEAST_VALUE),
          false);
    }

    private Entry probe(byte kind, long timeMillis, byte[] value) {
      return new Entry(key, hash, kind, timeMillis, value, LEAST_VALUE, 0);
    }
  }

  /** The entries that fall due in one second, in no order. */
  private static final class Bucket {
    private Entry[] entries = new Entry[4];
    private int size;

    void add(Entry entry) {
      if (size == entries.length) {
        entries = Arrays.copyOf(entries, size * 2);
      }
      entry.place = size;
      entries[size] = entry;
      size++;
    }

    void forEach(LayeredState.EntryVisitor visitor) {
      for (int i = 0; i < size; i++) {
        Entry entry = entries[i];
        visitor.entry(
            entry.kind, entry.key, entry.timeMillis, entry.value, entry.note, entry.dueMillis);
      }
    }

    void remove(Entry entry) {
      size--;
      Entry last = entries[size];
      entries[entry.place] = last;
      last.place = entry.place;
      entries[size] = null;
    }

    Entry[] takeBelow(long watermark) {
      Entry[] due = new Entry[size];
      int taken = 0;
      int kept = 0;
      for (int i = 0; i < size; i++) {
        Entry entry = entries[i];
        if (entry.dueMillis < watermark) {
          entry.place = Entry.NOWHERE;
          due[taken] = entry;
          taken++;
        } else {
          entry.place = kept;
          entries[kept] = entry;
          kept++;
        }
      }
      Arrays.fill(entries, kept, size, null);
      size = kept;
      return taken == due.length ? due : Arrays.copyOf(due, taken);
    }
  }
}
