package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The small values of a task: how far it has read, its counters, the marks of the tasks above. To
 * Kafka Streams it is a store with a changelog, from which it is restored. What has changed is
 * written to the changelog once for each commit, by the task ({@link Unwritten}). Used by one
 * thread at a time.
 */
final class ProgressStore implements StateStore {
  private final String name;
  private final Map<String, byte[]> values = new TreeMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private boolean open;

  private ProgressStore(String name) {
    this.name = name;
  }

  static StoreBuilder<ProgressStore> builder(String name) {
    return new FixedStore<>(name, () -> new ProgressStore(name), true);
  }

  /** Null if there is none. */
  byte[] get(String key) {
    return values.get(key);
  }

  /** The values whose keys begin so. */
  Collection<byte[]> startingWith(String prefix) {
    return new TreeMap<>(values).subMap(prefix, prefix + Character.MAX_VALUE).values();
  }

  void put(String key, byte[] value) {
    if (!Arrays.equals(value, values.put(key, value))) {
      changed.add(key);
    }
  }

  /** Hands over what has changed since the last call. */
  void takeChanges(BiConsumer<byte[], byte[]> changelog) {
    changed.forEach(key -> changelog.accept(key.getBytes(UTF_8), values.get(key)));
    changed.clear();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    values.clear();
    changed.clear();
    open = true;
    context.register(root, (StateRestoreCallback) this::restore);
  }

  private void restore(byte[] key, byte[] value) {
    if (value == null) {
      values.remove(new String(key, UTF_8));
    } else {
      values.put(new String(key, UTF_8), value);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
