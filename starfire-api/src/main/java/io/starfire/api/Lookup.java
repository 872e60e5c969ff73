package io.starfire.api;

/**
 * A named table that {@link Stream#enrich} looks keys up in.
 *
 * @param <K> type of the key
 * @param <V> type of a row
 */
public interface Lookup<K, V extends Record> {
  /** The name by which the configuration binds it to a file. */
  String name();
}
