package io.starfire.api;

/**
 * A named table. {@link Stream#enrich} finds its rows by key.
 *
 * @param <K> type of the key
 * @param <V> type of a row
 */
public interface Lookup<K, V> {
  /** The name under which the configuration gives its file. */
  String name();
}
