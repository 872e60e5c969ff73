package io.starfire.batch;

import io.starfire.batch.input.Storage;
import io.starfire.batch.job.RunSettings.PinnedLookup;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.LookupRef;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The lookups of a run as they were when it began: all tasks read copies of them, whatever becomes
 * of the files. Immutable.
 */
final class PinnedTables {
  private final Map<String, byte[]> contents;
  private final Map<String, PinnedLookup> lookups;

  private PinnedTables(Map<String, byte[]> contents, Map<String, PinnedLookup> lookups) {
    this.contents = contents;
    this.lookups = lookups;
  }

  /**
   * Reads the files of all lookups, and each table once, so that a bad one is refused before any
   * job starts.
   *
   * @param directory of the run, where the copies will be
   * @throws StarfireException with NOT_FOUND if a file is missing, or as its table is refused
   */
  static PinnedTables read(
      Plan plan, StarfireConfig config, String directory, Configuration configuration) {
    Map<String, byte[]> contents = new TreeMap<>();
    Map<String, PinnedLookup> lookups = new TreeMap<>();
    for (LookupRef lookup : plan.lookups()) {
      LookupSettings from = LookupSettings.from(config, lookup.name());
      byte[] content = content(from, configuration);
      String copy = copy(directory, lookup.name());
      contents.put(lookup.name(), content);
      lookups.put(lookup.name(), new PinnedLookup(copy, version(lookup, from, content)));
    }
    return new PinnedTables(contents, lookups);
  }

  /**
   * The copies that an earlier run has made.
   *
   * @param directory where they are
   */
  static PinnedTables kept(Map<String, String> versions, String directory) {
    Map<String, PinnedLookup> lookups = new TreeMap<>();
    versions.forEach(
        (name, version) -> lookups.put(name, new PinnedLookup(copy(directory, name), version)));
    return new PinnedTables(Map.of(), lookups);
  }

  /** Where the files are that were read, instead of their copies. */
  Map<String, PinnedLookup> originals(StarfireConfig config) {
    Map<String, PinnedLookup> originals = new TreeMap<>();
    lookups.forEach(
        (name, lookup) ->
            originals.put(
                name,
                new PinnedLookup(LookupSettings.from(config, name).file(), lookup.version())));
    return originals;
  }

  private static String copy(String directory, String name) {
    return directory + "/lookups/" + name + ".csv";
  }

  private static byte[] content(LookupSettings from, Configuration configuration) {
    Storage storage = Storage.of(from.file(), configuration);
    if (!storage.exists(from.file())) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "lookup '%s': there is no file %s; set starfire.lookups.%s.file"
              .formatted(from.name(), from.file(), from.name()));
    }
    return storage.read(from.file());
  }

  private static String version(LookupRef lookup, LookupSettings from, byte[] content) {
    return LookupTable.loadCsv(
            lookup.name(), content, lookup.keyType(), lookup.valueType(), from.keyColumn())
        .version();
  }

  /** Where the copies are, and their versions, by name. */
  Map<String, PinnedLookup> lookups() {
    return lookups;
  }

  /** The versions by name. */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    lookups.forEach((name, lookup) -> versions.put(name, lookup.version()));
    return versions;
  }

  /** Writes the copies. */
  void write(Storage storage) {
    contents.forEach((name, content) -> storage.write(lookups.get(name).file(), content));
  }
}
