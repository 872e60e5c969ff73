package io.starfire.kernel;

import java.util.Optional;

/** Finds rows of lookups by name and key. Thread-safe. */
public interface Lookups {
  /** The row of a lookup for a key, which must not be null; empty if there is no such row. */
  Optional<?> find(String name, Object key);

  /** For plans without lookups. */
  static Lookups none() {
    return (name, key) -> {
      throw new IllegalStateException("no lookup '" + name + "' was loaded");
    };
  }
}
