package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.LookupSnapshot;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.role.LookupSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The lookups that queries may name. A change is stored before a query sees it. A query takes all
 * lookups as they are when it begins, and sees these to its end. Thread-safe.
 */
public final class Lookups implements LookupSource {
  private final MetadataStore store;
  private volatile LookupSnapshot current;

  Lookups(MetadataStore store) {
    this.store = store;
    this.current = new LookupSnapshot(1, store.read(transaction -> transaction.lookups().all()));
  }

  @Override
  public LookupSnapshot lookups() {
    return current;
  }

  /** The lookup of a name; empty if there is none. */
  public Optional<RegisteredLookup> find(String name) {
    return current.lookups().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /**
   * Adds lookups, or puts them in the place of earlier versions, all of them or none. One that is
   * the same as before changes nothing.
   *
   * @throws StarfireException with CONFLICT if one differs from that of its name, and its version
   *     is not above that one's
   */
  public synchronized void put(Collection<RegisteredLookup> lookups) {
    List<RegisteredLookup> next = new ArrayList<>(current.lookups());
    List<RegisteredLookup> changed = new ArrayList<>();
    for (RegisteredLookup lookup : lookups) {
      Optional<RegisteredLookup> before = find(lookup.name());
      if (before.isPresent() && before.get().equals(lookup)) {
        continue;
      }
      if (before.isPresent() && !lookup.follows(before.get())) {
        throw new StarfireException(
            ErrorCode.CONFLICT,
            "lookup '%s' has version '%s' already, and '%s' is not above it in the order of text; give it a higher version"
                .formatted(lookup.name(), before.get().version(), lookup.version()));
      }
      next.removeIf(one -> one.name().equals(lookup.name()));
      next.add(lookup);
      changed.add(lookup);
    }
    if (!changed.isEmpty()) {
      store.write(
          transaction -> {
            changed.forEach(transaction.lookups()::put);
            return true;
          });
      show(next);
    }
  }

  /** Removes lookups; returns whether any of them was there. */
  public synchronized boolean remove(Collection<String> names) {
    List<RegisteredLookup> next = new ArrayList<>(current.lookups());
    if (!next.removeIf(one -> names.contains(one.name()))) {
      return false;
    }
    store.write(
        transaction -> {
          names.forEach(transaction.lookups()::remove);
          return true;
        });
    show(next);
    return true;
  }

  private void show(List<RegisteredLookup> lookups) {
    lookups.sort(Comparator.comparing(RegisteredLookup::name));
    current = new LookupSnapshot(current.number() + 1, lookups);
  }
}
