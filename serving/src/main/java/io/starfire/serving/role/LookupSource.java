package io.starfire.serving.role;

import io.starfire.protocol.cluster.LookupSnapshot;
import java.util.List;

/** Gives lookups to those who answer queries. The coordinator is one. Thread-safe. */
public interface LookupSource {
  /** What has no lookups. */
  LookupSource NONE = () -> new LookupSnapshot(0, List.of());

  /** All lookups as they are now. */
  LookupSnapshot lookups();
}
