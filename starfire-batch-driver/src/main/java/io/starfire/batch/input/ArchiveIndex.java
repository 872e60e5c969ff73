package io.starfire.batch.input;

import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicRange;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/** What the archive lists of a topic, as seen when it was read. Immutable. */
final class ArchiveIndex {
  private final String root;
  private final String topic;
  private final Storage storage;
  private final Completeness mark;
  private final Map<String, TopicStart> starts = new TreeMap<>();
  private final Map<String, Map<Integer, Listed>> listed = new TreeMap<>();

  /** Of one partition; {@code end} is where the entries end, exclusive: the pin. */
  private record Listed(List<ManifestEntry> entries, Optional<Pruning> pruning, long end) {}

  private ArchiveIndex(String root, String topic, Storage storage, Completeness mark) {
    this.root = root;
    this.topic = topic;
    this.storage = storage;
    this.mark = mark;
  }

  /**
   * Reads what is listed.
   *
   * @param anyBeginning whether entries are taken although those before them are missing
   * @param limits if given, by topic id and partition, the offset up to which entries are taken
   * @throws StarfireException with CORRUPT if the manifest contradicts itself, UNSUPPORTED if
   *     another version has written it
   */
  static ArchiveIndex read(
      String root,
      String topic,
      boolean anyBeginning,
      Optional<Map<String, Map<Integer, Long>>> limits,
      Configuration configuration) {
    Storage storage = Storage.of(root, configuration);
    ArchiveManifest manifest = new ArchiveManifest(new Files(root, storage));
    try {
      // The mark is read before the entries: what it says is complete is then listed for certain.
      Completeness mark = manifest.latestCompleteness(topic).orElse(null);
      ArchiveIndex index = new ArchiveIndex(root, topic, storage, mark);
      for (TopicStart start : manifest.topics(topic)) {
        index.add(
            manifest,
            start,
            anyBeginning,
            limits.map(all -> all.getOrDefault(start.topicId(), Map.of())));
      }
      return index;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Files(String root, Storage storage) implements ArchiveManifest.Files {
    @Override
    public List<String> list(String directory) {
      return storage.list(root + "/" + directory).stream()
          .map(file -> file.getPath().getName())
          .sorted()
          .toList();
    }

    @Override
    public byte[] read(String path) {
      return storage.read(root + "/" + path);
    }
  }

  private void add(
      ArchiveManifest manifest,
      TopicStart start,
      boolean anyBeginning,
      Optional<Map<Integer, Long>> limits)
      throws IOException {
    Map<Integer, Listed> partitions = new TreeMap<>();
    TreeSet<Integer> numbers = new TreeSet<>(start.startOffsets().keySet());
    numbers.addAll(manifest.partitions(topic, start.topicId()));
    for (int partition : numbers) {
      long limit = limits.map(all -> all.getOrDefault(partition, 0L)).orElse(Long.MAX_VALUE);
      List<ManifestEntry> entries =
          manifest.entries(start, partition, anyBeginning).stream()
              .filter(entry -> entry.endOffset() <= limit)
              .toList();
      Optional<Pruning> pruning = manifest.pruning(start, partition);
      long end =
          entries.isEmpty()
              ? pruning.map(Pruning::startOffset).orElse(start.of(partition))
              : entries.get(entries.size() - 1).endOffset();
      partitions.put(partition, new Listed(entries, pruning, end));
    }
    starts.put(start.topicId(), start);
    listed.put(start.topicId(), partitions);
  }

  /** The time up to which all arrivals are listed; 0 if the archive says nothing. */
  long completeUpToMillis() {
    return mark == null ? 0 : mark.arrivedUpToMillis();
  }

  /** By topic id and partition, up to where the archive is read, exclusive. */
  Map<String, Map<Integer, Long>> ends() {
    Map<String, Map<Integer, Long>> ends = new TreeMap<>();
    listed.forEach(
        (topicId, partitions) ->
            partitions.forEach(
                (partition, found) -> {
                  if (!found.entries().isEmpty()) {
                    ends.computeIfAbsent(topicId, id -> new TreeMap<>())
                        .put(partition, found.end());
                  }
                }));
    return ends;
  }

  /**
   * The entries whose files may hold something that counts: an event in {@code reach}, or a record
   * without event time that arrived in {@code interval}.
   */
  List<ManifestEntry> entries(Interval reach, Interval interval) {
    List<ManifestEntry> entries = new ArrayList<>();
    for (Map<Integer, Listed> partitions : listed.values()) {
      for (Listed found : partitions.values()) {
        for (ManifestEntry entry : found.entries()) {
          if (entry.rows() > 0 && entry.matters(reach, interval)) {
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  /**
   * Refuses an archive that does not list everything that its last mark names, from the beginning
   * of each partition on, or of which something was pruned that counts.
   *
   * @param neededMillis all arrivals up to this time have to be listed
   * @param why of {@code neededMillis}, for the sentence
   * @throws StarfireException with INCOMPLETE_INPUT
   */
  void requireComplete(long neededMillis, String why, Interval reach, Interval interval) {
    if (completeUpToMillis() < neededMillis) {
      throw incomplete(
          "archive %s is complete for arrivals up to %s, and the run needs all of topic '%s' up to %s (%s)"
              .formatted(
                  root,
                  mark == null ? "no time at all" : Times.format(mark.arrivedUpToMillis()),
                  topic,
                  Times.format(neededMillis),
                  why));
    }
    for (TopicRange range : mark.topics().get(topic)) {
      range
          .partitions()
          .forEach((partition, offsets) -> requireListed(range.topicId(), partition, offsets));
    }
    listed.forEach(
        (topicId, partitions) ->
            partitions.forEach(
                (partition, found) ->
                    found
                        .pruning()
                        .filter(pruning -> pruning.touches(reach, interval))
                        .ifPresent(pruning -> refusePruned(pruning, reach))));
  }

  private void requireListed(String topicId, int partition, OffsetRange marked) {
    TopicStart start = starts.get(topicId);
    Listed found = start == null ? null : listed.get(topicId).get(partition);
    if (start != null && start.of(partition) != marked.start()) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "archive %s: the last completeness mark says that topic '%s' (id %s) partition %d begins at offset %d, and the manifest that it begins at %d; restore the manifest"
              .formatted(root, topic, topicId, partition, marked.start(), start.of(partition)));
    }
    long reached = found == null ? marked.start() : found.end();
    if (marked.end() > reached) {
      throw incomplete(
          "archive %s lacks %s of topic '%s' (id %s) partition %d, which its last completeness mark names; restore the manifest entry that begins at offset %d, and its file"
              .formatted(
                  root,
                  new OffsetRange(reached, marked.end()),
                  topic,
                  topicId,
                  partition,
                  reached));
    }
  }

  private void refusePruned(Pruning pruning, Interval reach) {
    throw incomplete(
        "archive %s was pruned: what lay below offset %d of topic '%s' (id %s) partition %d is deleted, with events up to %s, and the run needs events from %s on"
            .formatted(
                root,
                pruning.startOffset(),
                topic,
                pruning.topicId(),
                pruning.partition(),
                Times.format(
                    Math.max(pruning.eventsBeforeMillis(), pruning.arrivalsBeforeMillis())),
                Times.format(reach.startMillis())));
  }

  private static StarfireException incomplete(String what) {
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        what + "; wait for the archiver, or take what there is with --allow-incomplete");
  }

  /** The file of an entry. */
  String path(ManifestEntry entry) {
    return root + "/" + entry.file();
  }

  /** The size of a listed file, in bytes. */
  long length(String file) {
    return storage
        .file(file)
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.CORRUPT,
                    "the archive lists %s, which does not exist; restore the file".formatted(file)))
        .getLen();
  }
}
