package io.starfire.api;

/**
 * Where a pipeline begins: it declares the sources and lookups. Not thread-safe. Use it only inside
 * the {@code define} that received it.
 *
 * <p>A name is 1 to 64 letters, digits, {@code _} and {@code -}, and begins with a letter. A name
 * that is malformed or used twice is INVALID_PIPELINE.
 */
public interface Flow {
  /**
   * Declares a source of events. The configuration under {@code starfire.sources.<name>} says which
   * topic or files it is read from, and in which format.
   *
   * @param name unique among the operators of the pipeline
   * @param type the record that each event is read as
   */
  <T extends Record> Source<T> source(String name, Class<T> type);

  /**
   * Declares a lookup. The configuration under {@code starfire.lookups.<name>} names its file.
   *
   * @param name unique among the lookups of the pipeline
   * @param key type of the key
   * @param value the record that a row of the file is read as
   */
  <K, V extends Record> Lookup<K, V> lookup(String name, Class<K> key, Class<V> value);
}
