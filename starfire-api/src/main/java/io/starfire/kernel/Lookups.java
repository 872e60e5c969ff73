package io.starfire.kernel;

import java.util.Optional;

/** Finds rows of lookups by name and key. Thread-safe. */
public interface Lookups {
  /** The row of the lookup {@code name} for a key that is not null. */
  Optional<?> find(String name, Object key);

  /** For plans without lookups. */
  static Lookups none() {
    return (name, key) -> {
      throw new IllegalStateException("no lookup '" + name + "' was loaded");
    };
  }
}
