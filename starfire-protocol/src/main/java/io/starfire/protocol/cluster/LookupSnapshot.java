package io.starfire.protocol.cluster;

import java.util.List;

/**
 * All lookups as they are at one moment. Immutable.
 *
 * @param number larger than that of each earlier state since the coordinator started
 * @param lookups ordered by name
 */
public record LookupSnapshot(long number, List<RegisteredLookup> lookups) {
  public LookupSnapshot {
    lookups = List.copyOf(lookups);
  }
}
