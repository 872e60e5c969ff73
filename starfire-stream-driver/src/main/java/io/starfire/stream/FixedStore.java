package io.starfire.stream;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Builds a store of ours, of which Kafka Streams can choose nothing: it has no cache, and whether
 * it has a changelog is fixed.
 *
 * @param name of the store
 * @param make makes one for a task
 * @param loggingEnabled whether it is restored from a changelog
 */
record FixedStore<T extends StateStore>(String name, Supplier<T> make, boolean loggingEnabled)
    implements StoreBuilder<T> {
  @Override
  public T build() {
    return make.get();
  }

  @Override
  public StoreBuilder<T> withCachingEnabled() {
    return this;
  }

  @Override
  public StoreBuilder<T> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<T> withLoggingEnabled(Map<String, String> config) {
    return this;
  }

  @Override
  public StoreBuilder<T> withLoggingDisabled() {
    return this;
  }

  @Override
  public Map<String, String> logConfig() {
    return Map.of();
  }
}
