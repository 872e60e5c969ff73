package io.starfire.stream;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * State on the heap; Kafka Streams puts a changelog around it. Unlike Kafka's own store in memory
 * it walks a range without copying it first, so that reading the first entries of a long range
 * costs what is read. For the same reason an iterator must be closed before the store is changed.
 * Used by one thread.
 */
final class SortedMemoryStore implements KeyValueStore<Bytes, byte[]> {
  private final String name;
  private final TreeMap<Bytes, byte[]> entries = new TreeMap<>();
  private final Position position = Position.emptyPosition();
  private boolean open;

  private SortedMemoryStore(String name) {
    this.name = name;
  }

  static KeyValueBytesStoreSupplier supplier(String name) {
    return new KeyValueBytesStoreSupplier() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public KeyValueStore<Bytes, byte[]> get() {
        return new SortedMemoryStore(name);
      }

      @Override
      public String metricsScope() {
        return "sorted-memory";
      }
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open = true;
    context.register(root, (key, value) -> put(Bytes.wrap(key), value));
  }

  @Override
  public void put(Bytes key, byte[] value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    byte[] present = entries.get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> all) {
    all.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte[] delete(Bytes key) {
    return entries.remove(key);
  }

  @Override
  public byte[] get(Bytes key) {
    return entries.get(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    if (from != null && to != null && from.compareTo(to) > 0) {
      return new Entries(new TreeMap<>());
    }
    NavigableMap<Bytes, byte[]> range = entries;
    range = from == null ? range : range.tailMap(from, true);
    return new Entries(to == null ? range : range.headMap(to, true));
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return new Entries(entries);
  }

  @Override
  public long approximateNumEntries() {
    return entries.size();
  }

  @Override
  public void close() {
    entries.clear();
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  /** How far the store has read its input, for interactive queries, which there are none of. */
  @Override
  public Position getPosition() {
    return position;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Walks a view of the map. */
  private static final class Entries implements KeyValueIterator<Bytes, byte[]> {
    private final Iterator<Map.Entry<Bytes, byte[]>> iterator;
    private Map.Entry<Bytes, byte[]> peeked;

    private Entries(NavigableMap<Bytes, byte[]> view) {
      this.iterator = view.entrySet().iterator();
    }

    @Override
    public boolean hasNext() {
      return peeked != null || iterator.hasNext();
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      Map.Entry<Bytes, byte[]> entry = peeked != null ? peeked : iterator.next();
      peeked = null;
      return KeyValue.pair(entry.getKey(), entry.getValue());
    }

    @Override
    public Bytes peekNextKey() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (peeked == null) {
        peeked = iterator.next();
      }
      return peeked.getKey();
    }

    @Override
    public void close() {
      // There is nothing to release.
    }
  }
}
