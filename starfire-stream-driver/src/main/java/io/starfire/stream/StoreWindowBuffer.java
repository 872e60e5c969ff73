package io.starfire.stream;

import io.starfire.kernel.WindowBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A stage's state in a Kafka Streams store with a changelog. Used by the task's thread. */
final class StoreWindowBuffer implements WindowBuffer {
  private final KeyValueStore<Bytes, byte[]> store;

  StoreWindowBuffer(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public byte[] get(byte[] key) {
    return store.get(Bytes.wrap(key));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    store.delete(Bytes.wrap(key));
  }

  @Override
  public List<Entry> scan(byte[] from, byte[] to, int limit) {
    List<Entry> found = new ArrayList<>();
    Bytes end = Bytes.wrap(to);
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(Bytes.wrap(from), end)) {
      while (found.size() < limit && entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        if (entry.key.equals(end)) {
          break;
        }
        found.add(new Entry(entry.key.get(), entry.value));
      }
    }
    return found;
  }
}
