package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads what the archive lists. Each call reads the file system anew. Thread-safe if its {@link
 * Files} are.
 *
 * <p>A file that is damaged is CORRUPT.
 */
public final class ArchiveManifest {
  private final Files files;

  /** A file system. Paths are relative to the archive's root. */
  public interface Files {
    /** The names in a directory, sorted; empty if there is no such directory. */
    List<String> list(String directory) throws IOException;

    /** The whole content of a file. */
    byte[] read(String path) throws IOException;
  }

  public ArchiveManifest(Files files) {
    this.files = requireNonNull(files, "files");
  }

  /**
   * The topics that have or had a name, in the order in which the archiver found them.
   *
   * @throws StarfireException with UNSUPPORTED if the archive has another layout
   */
  public List<TopicStart> topics(String topic) throws IOException {
    List<TopicStart> starts = new ArrayList<>();
    for (String name : files.list(ArchiveLayout.manifestDirectory(topic))) {
      Optional<String> topicId = ArchiveLayout.topicIdOf(topic, name);
      if (topicId.isPresent()) {
        start(topic, topicId.get()).ifPresent(starts::add);
      }
    }
    starts.sort(
        Comparator.comparingLong(TopicStart::startedAtMillis).thenComparing(TopicStart::topicId));
    return starts;
  }

  /** The names of all topics. */
  public List<String> topicNames() throws IOException {
    return files.list(ArchiveLayout.MANIFEST);
  }

  /** Where the archive of a topic begins; empty if nothing of it was archived. */
  public Optional<TopicStart> start(String topic, String topicId) throws IOException {
    String directory = ArchiveLayout.manifestDirectory(topic, topicId);
    String path = ArchiveLayout.topicStart(topic, topicId);
    List<String> names = files.list(directory);
    if (names.contains(path.substring(directory.length() + 1))) {
      return Optional.of(TopicStart.fromJson(text(path)));
    }
    if (names.stream().anyMatch(name -> name.matches("[0-9]+"))) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "the archive lists partitions of topic '%s' with id %s, but the file %s is missing, which says where they begin; restore it"
              .formatted(topic, topicId, path));
    }
    return Optional.empty();
  }

  /** The partitions with an entry or a pruning, in ascending order. */
  public List<Integer> partitions(String topic, String topicId) throws IOException {
    TreeSet<Integer> partitions = new TreeSet<>();
    for (String name : files.list(ArchiveLayout.manifestDirectory(topic, topicId))) {
      if (name.matches("[0-9]+")) {
        partitions.add(Integer.valueOf(name));
      }
    }
    return List.copyOf(partitions);
  }

  /**
   * The entries of a partition, from the first that was not pruned to the first gap. Entries after
   * a gap are left out; a completeness mark says whether they are needed.
   *
   * @param anyBeginning if the first entries are missing: true begins with the first one that
   *     exists, false returns none
   * @throws StarfireException with CORRUPT if an offset is listed twice
   */
  public List<ManifestEntry> entries(TopicStart topic, int partition, boolean anyBeginning)
      throws IOException {
    Optional<Pruning> pruning = pruning(topic, partition);
    long expected = pruning.map(Pruning::startOffset).orElse(topic.of(partition));
    List<ManifestEntry> entries = new ArrayList<>();
    for (long start : entryStarts(topic, partition)) {
      if (start < expected && entries.isEmpty() && pruning.isPresent()) {
        // It was left by a pruning that was interrupted.
        continue;
      }
      if (start > expected && !(entries.isEmpty() && anyBeginning)) {
        break;
      }
      ManifestEntry entry = entry(topic, partition, start);
      if (start < expected) {
        throw listedTwice(entry, expected);
      }
      entries.add(entry);
      expected = entry.endOffset();
    }
    return entries;
  }

  private static StarfireException listedTwice(ManifestEntry entry, long expected) {
    return new StarfireException(
        ErrorCode.CORRUPT,
        "the archive lists offset %d of topic '%s' partition %d, in %s, and what it lists before ends at %d; delete one of the manifest entries"
            .formatted(
                entry.startOffset(), entry.topic(), entry.partition(), entry.file(), expected));
  }

  /**
   * The start offsets of all entries of a partition, also of those that are pruned but not deleted.
   */
  public List<Long> entryStarts(TopicStart topic, int partition) throws IOException {
    return files
        .list(ArchiveLayout.manifestDirectory(topic.topic(), topic.topicId(), partition))
        .stream()
        .filter(ArchiveLayout::isListed)
        .map(ArchiveLayout::numberOf)
        .toList();
  }

  /** The entry that starts at an offset. */
  public ManifestEntry entry(TopicStart topic, int partition, long startOffset) throws IOException {
    String path =
        ArchiveLayout.manifestEntry(topic.topic(), topic.topicId(), partition, startOffset);
    ManifestEntry entry = ManifestEntry.fromJson(text(path));
    if (entry.startOffset() != startOffset
        || entry.partition() != partition
        || !entry.topic().equals(topic.topic())
        || !entry.topicId().equals(topic.topicId())) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "manifest entry %s lists another range than its name says: topic '%s' with id %s partition %d offset %d"
              .formatted(
                  path, entry.topic(), entry.topicId(), entry.partition(), entry.startOffset()));
    }
    return entry;
  }

  /**
   * The offsets of a partition that were listed. The range begins where the archive of the
   * partition began, whatever was pruned since, and ends with its last entry: each entry was added
   * at the end of the one before.
   */
  public OffsetRange listed(TopicStart topic, int partition) throws IOException {
    List<Long> starts = entryStarts(topic, partition);
    long first = topic.of(partition);
    return new OffsetRange(
        first,
        starts.isEmpty()
            ? first
            : entry(topic, partition, starts.get(starts.size() - 1)).endOffset());
  }

  /** The latest pruning of a partition; empty if nothing was pruned. */
  public Optional<Pruning> pruning(TopicStart topic, int partition) throws IOException {
    Optional<String> last =
        lastOf(ArchiveLayout.pruningDirectory(topic.topic(), topic.topicId(), partition));
    return last.isEmpty() ? Optional.empty() : Optional.of(Pruning.fromJson(text(last.get())));
  }

  /**
   * The latest completeness mark that names a topic; empty if there is none. Archivers of other
   * topics may write marks that do not name it.
   */
  public Optional<Completeness> latestCompleteness(String topic) throws IOException {
    List<String> names =
        files.list(ArchiveLayout.COMPLETE).stream().filter(ArchiveLayout::isListed).toList();
    for (int i = names.size() - 1; i >= 0; i--) {
      Completeness mark = completeness(names.get(i));
      if (mark.topics().containsKey(topic)) {
        return Optional.of(mark);
      }
    }
    return Optional.empty();
  }

  /** The completeness mark in a file of that name. */
  public Completeness completeness(String fileName) throws IOException {
    return Completeness.fromJson(text(ArchiveLayout.COMPLETE + "/" + fileName));
  }

  private Optional<String> lastOf(String directory) throws IOException {
    return files.list(directory).stream()
        .filter(ArchiveLayout::isListed)
        .reduce((first, second) -> second)
        .map(name -> directory + "/" + name);
  }

  private String text(String path) throws IOException {
    return new String(files.read(path), StandardCharsets.UTF_8);
  }
}
