package io.starfire.batch.input;

import io.starfire.archive.ManifestEntry;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.KeyHash;
import io.starfire.event.SourceSettings;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Reach;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * Finds what a run reads of each source, and fixes it. Immutable.
 *
 * @param parts by the index of the source in the plan
 * @param offsets by topic, topic id and partition, where the archive is pinned
 * @param files by source, files read instead of the archive, with their sizes
 * @param completeUpToMillis of the archive; 0 if it is not read or says nothing
 * @param entries what the archive lists of its files, by their paths
 */
public record RunInputs(
    Map<Integer, List<InputPart>> parts,
    Map<String, Map<String, Map<Integer, Long>>> offsets,
    Map<String, Map<String, Long>> files,
    long completeUpToMillis,
    Map<String, ManifestEntry> entries) {

  /**
   * Looks at the file systems.
   *
   * @param allowIncomplete whether an archive that is not complete will do
   * @throws StarfireException with INCOMPLETE_INPUT if the archive does not hold all that had to
   *     arrive; with NOT_FOUND or INVALID_INPUT if files are missing or of an unknown format
   */
  public static RunInputs find(
      Plan plan,
      Reach reach,
      StarfireConfig config,
      boolean allowIncomplete,
      Configuration configuration) {
    return find(plan, reach, config, allowIncomplete, Optional.empty(), configuration);
  }

  /**
   * Looks for what an earlier run has read. That it was complete has been seen then.
   *
   * @param pin of that run; what is in the archive beyond it is left out
   */
  public static RunInputs find(
      Plan plan, Reach reach, StarfireConfig config, Pin pin, Configuration configuration) {
    return find(plan, reach, config, true, Optional.of(pin), configuration);
  }

  private static RunInputs find(
      Plan plan,
      Reach reach,
      StarfireConfig config,
      boolean allowIncomplete,
      Optional<Pin> pin,
      Configuration configuration) {
    Finder finder = new Finder(reach, config, allowIncomplete, pin, configuration);
    for (int i = 0; i < plan.sources().size(); i++) {
      finder.find(i, plan.sources().get(i));
    }
    return new RunInputs(
        finder.parts, finder.offsets, finder.files, finder.completeUpToMillis, finder.entries);
  }

  /** Tells whether another run reads the same: a hash of the names and sizes of all files. */
  public String fingerprint() {
    StringBuilder text = new StringBuilder();
    parts.forEach(
        (source, all) ->
            all.stream()
                .map(part -> "%d %s %d\n".formatted(source, part.file(), part.length()))
                .sorted()
                .forEach(text::append));
    return Long.toHexString(KeyHash.hash(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** What a part of the run reads. Files that are no archive are read whole: nobody lists them. */
  public RunInputs within(Plan plan, Reach reach) {
    Map<Integer, List<InputPart>> needed = new TreeMap<>();
    parts.forEach(
        (source, all) -> {
          Interval times = reach.of(plan.sources().get(source));
          List<InputPart> ofSource = new ArrayList<>();
          for (InputPart part : all) {
            ManifestEntry entry = entries.get(part.file());
            if (entry == null) {
              ofSource.add(part);
            } else if (entry.matters(times, reach.output())) {
              ofSource.add(part.between(times));
            }
          }
          needed.put(source, ofSource);
        });
    return new RunInputs(needed, offsets, files, completeUpToMillis, entries);
  }

  private static final class Finder {
    private final Reach reach;
    private final StarfireConfig config;
    private final boolean allowIncomplete;
    private final Optional<Pin> pin;
    private final Configuration configuration;
    private final Duration slack;
    private final Map<Integer, List<InputPart>> parts = new TreeMap<>();
    private final Map<String, Map<String, Map<Integer, Long>>> offsets = new TreeMap<>();
    private final Map<String, Map<String, Long>> files = new TreeMap<>();
    private final Map<String, ManifestEntry> entries = new HashMap<>();
    private long completeUpToMillis;

    Finder(
        Reach reach,
        StarfireConfig config,
        boolean allowIncomplete,
        Optional<Pin> pin,
        Configuration configuration) {
      this.pin = pin;
      this.reach = reach;
      this.config = config;
      this.allowIncomplete = allowIncomplete;
      this.configuration = configuration;
      this.slack = config.duration("starfire.batch.arrival-slack");
    }

    void find(int index, SourceNode source) {
      SourceSettings settings = SourceSettings.from(config, source.name());
      // Settings that do not fit the source's record are refused here, before any job starts.
      EventDecoder<?> decoder = EventDecoder.of(settings, source.type());
      parts.put(
          index,
          settings.batchPaths().isEmpty()
              ? archived(index, source, settings)
              : fromFiles(index, decoder));
    }

    private List<InputPart> fromFiles(int index, EventDecoder<?> decoder) {
      SourceSettings settings = decoder.settings();
      List<InputPart> found = new ArrayList<>();
      Map<String, Long> sizes = new TreeMap<>();
      for (String path : settings.batchPaths()) {
        List<FileStatus> matching = Storage.of(path, configuration).files(path);
        if (matching.isEmpty()) {
          throw new StarfireException(
              ErrorCode.NOT_FOUND,
              "source '%s': there is no file at %s, taken as a path or as a pattern; correct starfire.sources.%s.batch.paths"
                  .formatted(settings.name(), path, settings.name()));
        }
        for (FileStatus file : matching) {
          String name = file.getPath().toString();
          InputPart.Kind kind = kindOf(settings, file.getPath().getName());
          if (kind == InputPart.Kind.PARQUET) {
            // A file that is cut off or holds something else is refused before any job starts.
            decoder.requireColumns(name, ParquetRows.describe(name, configuration).columns());
          }
          found.add(InputPart.of(kind, index, name, file.getLen()));
          sizes.put(name, file.getLen());
        }
      }
      files.put(settings.name(), sizes);
      return found;
    }

    private static InputPart.Kind kindOf(SourceSettings settings, String fileName) {
      if (settings.batchFormat() != null) {
        return InputPart.Kind.of(settings.batchFormat());
      }
      String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
      String extension = name.substring(name.lastIndexOf('.') + 1);
      return SourceSettings.Format.ofExtension(extension)
          .map(InputPart.Kind::of)
          .orElseThrow(
              () ->
                  new StarfireException(
                      ErrorCode.INVALID_INPUT,
                      "source '%s': the format of file '%s' cannot be told by its name; set starfire.sources.%s.batch.format to json, csv, tsv or parquet"
                          .formatted(settings.name(), fileName, settings.name())));
    }

    private List<InputPart> archived(int index, SourceNode source, SourceSettings settings) {
      String topic = settings.requireTopic();
      Interval needed = reach.of(source);
      ArchiveIndex archive =
          ArchiveIndex.read(
              Storage.root("starfire.archive.root", config, configuration),
              topic,
              allowIncomplete,
              pin.map(fixed -> fixed.offsets().getOrDefault(topic, Map.of())),
              configuration);
      if (!allowIncomplete) {
        long end = reach.byNode().values().stream().mapToLong(Interval::endMillis).max().orElse(0);
        archive.requireComplete(
            end + slack.toMillis(),
            "the end of its reach, %s, and %s of arrival slack".formatted(Times.format(end), slack),
            needed,
            reach.output());
      }
      completeUpToMillis =
          offsets.isEmpty()
              ? archive.completeUpToMillis()
              : Math.min(completeUpToMillis, archive.completeUpToMillis());
      offsets.put(topic, archive.ends());
      List<InputPart> found = new ArrayList<>();
      for (ManifestEntry entry : archive.entries(needed, reach.output())) {
        String file = archive.path(entry);
        entries.put(file, entry);
        found.add(
            InputPart.of(InputPart.Kind.ARCHIVE, index, file, archive.length(file))
                .between(needed));
      }
      return found;
    }
  }
}
