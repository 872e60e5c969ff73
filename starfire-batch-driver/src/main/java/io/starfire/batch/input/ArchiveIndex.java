package io.starfire.batch.input;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** What the archive lists, as seen at one time. Immutable; reads the file system when asked. */
final class ArchiveIndex {
  private final String root;
  private final Storage storage;

  ArchiveIndex(String root, Configuration configuration) {
    this.root = root;
    this.storage = Storage.of(root, configuration);
  }

  /** The listed range of one partition without a gap, from its first entry on. */
  record PartitionEntries(List<ManifestEntry> entries) {
    /** The end of the last entry, exclusive: the pin. */
    long endOffset() {
      return entries.get(entries.size() - 1).endOffset();
    }
  }

  /** By partition, what is listed of a topic. Partitions without entries are left out. */
  Map<Integer, PartitionEntries> partitions(String topic) {
    Map<Integer, PartitionEntries> partitions = new TreeMap<>();
    for (FileStatus directory : storage.list(root + "/" + ArchiveLayout.MANIFEST + "/" + topic)) {
      String name = directory.getPath().getName();
      if (directory.isDirectory() && name.matches("[0-9]+")) {
        List<ManifestEntry> entries = contiguous(directory.getPath().toString());
        if (!entries.isEmpty()) {
          partitions.put(Integer.valueOf(name), new PartitionEntries(entries));
        }
      }
    }
    return partitions;
  }

  private List<ManifestEntry> contiguous(String directory) {
    List<ManifestEntry> entries = new ArrayList<>();
    for (FileStatus file : storage.list(directory)) {
      if (!ArchiveLayout.isListed(file.getPath().getName())) {
        continue;
      }
      ManifestEntry entry = ManifestEntry.fromJson(text(file));
      ManifestEntry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
      if (last != null && entry.startOffset() < last.endOffset()) {
        throw new StarfireException(
            ErrorCode.CORRUPT,
            "the archive lists offset %d of %s partition %d twice, in %s and %s; unlist one of them"
                .formatted(
                    entry.startOffset(),
                    entry.topic(),
                    entry.partition(),
                    last.file(),
                    entry.file()));
      }
      if (last != null && entry.startOffset() > last.endOffset()) {
        // What lies beyond a gap is not pinned; if it is needed, the completeness check says so.
        break;
      }
      entries.add(entry);
    }
    return entries;
  }

  /** The latest completeness mark. */
  Optional<Completeness> latestCompleteness() {
    List<FileStatus> marks =
        storage.list(root + "/" + ArchiveLayout.COMPLETE).stream()
            .filter(file -> ArchiveLayout.isListed(file.getPath().getName()))
            .toList();
    return marks.isEmpty()
        ? Optional.empty()
        : Optional.of(Completeness.fromJson(text(marks.get(marks.size() - 1))));
  }

  /** The file of an entry. */
  String path(ManifestEntry entry) {
    return root + "/" + entry.file();
  }

  long length(String file) {
    return storage.files(file).stream()
        .mapToLong(FileStatus::getLen)
        .findFirst()
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.CORRUPT,
                    "the archive lists %s, which does not exist; restore the file"
                        .formatted(file)));
  }

  /**
   * Whether a file may hold something that counts: an event in {@code reach}, or a record without
   * event time that arrived in {@code interval}.
   */
  static boolean matters(ManifestEntry entry, Interval reach, Interval interval) {
    boolean arrivals =
        entry.minRecordTimestamp() < interval.endMillis()
            && entry.maxRecordTimestamp() >= interval.startMillis();
    if (entry.rowsWithoutEventTime() > 0 && arrivals) {
      return true;
    }
    return entry.rowsPerEventHour().keySet().stream()
        .mapToLong(Times::parse)
        .anyMatch(hour -> new Interval(hour, hour + 3_600_000).overlaps(reach));
  }

  private String text(FileStatus file) {
    return new String(storage.read(file.getPath().toString()), StandardCharsets.UTF_8);
  }
}
