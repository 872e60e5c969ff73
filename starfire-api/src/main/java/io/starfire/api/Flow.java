package io.starfire.api;

/**
 * Where a pipeline begins: its sources and lookups. Not thread-safe; used within one {@code
 * define}.
 */
public interface Flow {
  /**
   * Declares a source of events. Its bytes, topic and files are bound by the configuration under
   * {@code starfire.sources.<name>}.
   *
   * @param name unique in the pipeline; letters, digits, {@code _} and {@code -}
   * @param type the record that each event is read as
   */
  <T extends Record> Source<T> source(String name, Class<T> type);

  /**
   * Declares a lookup, bound to a file by the configuration under {@code starfire.lookups.<name>}.
   *
   * @param name unique in the pipeline
   * @param key type of the key
   * @param value the record that a row of the file is read as
   */
  <K, V extends Record> Lookup<K, V> lookup(String name, Class<K> key, Class<V> value);
}
