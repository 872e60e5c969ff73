package io.starfire.api;

import io.starfire.event.EventType;
import io.starfire.event.RowSchema;

/**
 * Where a pipeline begins: it declares the sources and lookups. Not thread-safe. Use it only inside
 * the {@code define} that received it.
 *
 * <p>A name is 1 to 64 letters, digits, {@code _} and {@code -}, and begins with a letter. A name
 * that is malformed or used twice is INVALID_PIPELINE.
 */
public interface Flow {
  /**
   * The schema of rows that the configuration has under {@code starfire.schemas.<name>}. If it is
   * not there, or cannot be read, that is INVALID_INPUT.
   */
  RowSchema schema(String name);

  /**
   * Declares a source of events. The configuration under {@code starfire.sources.<name>} says which
   * topic or files it is read from, and in which format.
   *
   * @param name unique among the operators of the pipeline
   * @param type what each event is read as: a record, or rows of a schema
   */
  <T> Source<T> source(String name, EventType<T> type);

  /** The same for a record class. */
  default <T extends Record> Source<T> source(String name, Class<T> type) {
    return source(name, EventType.of(type));
  }

  /**
   * Declares a lookup. The configuration under {@code starfire.lookups.<name>} names its file.
   *
   * @param name unique among the lookups of the pipeline
   * @param key type of the key
   * @param value what a row of the file is read as: a record, or rows of a schema
   */
  <K, V> Lookup<K, V> lookup(String name, Class<K> key, EventType<V> value);

  /** The same for a record class. */
  default <K, V extends Record> Lookup<K, V> lookup(String name, Class<K> key, Class<V> value) {
    return lookup(name, key, EventType.of(value));
  }
}
