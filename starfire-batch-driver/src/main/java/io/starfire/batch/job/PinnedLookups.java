package io.starfire.batch.job;

import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.kernel.Lookups;
import io.starfire.plan.PlanNode.LookupRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The lookups of a task, as they were when the run began. Immutable and thread-safe. */
final class PinnedLookups implements Lookups {
  private final Map<String, LookupTable<Object, ?>> tables;

  private PinnedLookups(Map<String, LookupTable<Object, ?>> tables) {
    this.tables = tables;
  }

  /** Reads the copies that the run's driver made. */
  static Lookups load(RunSettings settings, Configuration job) {
    Map<String, LookupTable<Object, ?>> tables = new HashMap<>();
    for (LookupRef lookup : settings.plan().lookups()) {
      RunSettings.PinnedLookup pinned = settings.lookups().get(lookup.name());
      if (pinned == null) {
        throw new StarfireException(
            ErrorCode.INTERNAL, "lookup '%s' was not pinned".formatted(lookup.name()));
      }
      byte[] content = Storage.of(pinned.file(), job).read(pinned.file());
      LookupTable<Object, ?> table = parse(settings, lookup, content);
      if (!table.version().equals(pinned.version())) {
        throw new StarfireException(
            ErrorCode.CORRUPT,
            "lookup '%s': %s has changed since the run began; start the run again"
                .formatted(lookup.name(), pinned.file()));
      }
      tables.put(lookup.name(), table);
    }
    return new PinnedLookups(tables);
  }

  @SuppressWarnings("unchecked") // keys are handed over as objects; the table finds them by value
  private static LookupTable<Object, ?> parse(
      RunSettings settings, LookupRef lookup, byte[] content) {
    LookupSettings from = LookupSettings.from(settings.config(), lookup.name());
    return LookupTable.loadCsv(
        lookup.name(),
        content,
        (Class<Object>) lookup.keyType(),
        lookup.valueType(),
        from.keyColumn());
  }

  @Override
  public Optional<?> find(String name, Object key) {
    return tables.get(name).get(key);
  }
}
