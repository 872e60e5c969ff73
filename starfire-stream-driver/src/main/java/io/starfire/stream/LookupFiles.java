package io.starfire.stream;

import io.starfire.config.StarfireConfig;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.LookupRef;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The lookups of a plan, read from local files when the stream starts. Thread-safe. */
final class LookupFiles implements Lookups {
  private final Map<String, LookupTable<Object, ?>> tables;

  private LookupFiles(Map<String, LookupTable<Object, ?>> tables) {
    this.tables = Map.copyOf(tables);
  }

  static Lookups load(Plan plan, StarfireConfig config) {
    Map<String, LookupTable<Object, ?>> tables = new TreeMap<>();
    for (LookupRef lookup : plan.lookups()) {
      LookupSettings settings = LookupSettings.from(config, lookup.name());
      tables.put(lookup.name(), table(lookup, settings));
    }
    return new LookupFiles(tables);
  }

  @SuppressWarnings("unchecked") // the DSL has checked that keys are of the lookup's type
  private static LookupTable<Object, ?> table(LookupRef lookup, LookupSettings settings) {
    return (LookupTable<Object, ?>)
        LookupTable.loadCsv(
            lookup.name(),
            settings.readLocalFile(),
            lookup.keyType(),
            lookup.valueType(),
            settings.keyColumn());
  }

  @Override
  public Optional<?> find(String name, Object key) {
    return tables.get(name).get(key);
  }
}
