package io.starfire.serving.broker;

import io.starfire.protocol.cluster.LookupSnapshot;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.serving.query.control.Lookups;
import io.starfire.serving.role.LookupSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A broker's copy of the lookups, as queries use them. Thread-safe. */
final class LookupReplica {
  private final LookupSource source;
  private volatile Lookups current = Lookups.NONE;

  LookupReplica(LookupSource source) {
    this.source = source;
  }

  /** All lookups as they are now. */
  Lookups current() {
    LookupSnapshot now = source.lookups();
    Lookups known = current;
    if (known.number() == now.number()) {
      return known;
    }
    Map<String, Map<String, String>> maps = new LinkedHashMap<>();
    for (RegisteredLookup lookup : now.lookups()) {
      maps.put(lookup.name(), lookup.map());
    }
    Lookups next = new Lookups(now.number(), maps);
    current = next;
    return next;
  }
}
