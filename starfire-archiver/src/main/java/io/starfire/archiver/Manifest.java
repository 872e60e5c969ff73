package io.starfire.archiver;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Reads and adds to what the archive lists. Used by one thread. */
final class Manifest {
  private final ArchiveFiles files;

  Manifest(ArchiveFiles files) {
    this.files = files;
  }

  /**
   * Where the listed offsets of a partition end: each entry begins where the one before it ended.
   *
   * @return empty if nothing is listed
   * @throws StarfireException with CORRUPT if entries overlap or leave a gap
   */
  OptionalLong end(String topic, int partition) throws IOException {
    List<String> names =
        files.list(ArchiveLayout.manifestDirectory(topic, partition)).stream()
            .filter(ArchiveLayout::isListed)
            .toList();
    if (names.isEmpty()) {
      return OptionalLong.empty();
    }
    // Only the last one is read: none was added that did not begin at the end of the one before.
    long start = ArchiveLayout.numberOf(names.get(names.size() - 1));
    byte[] json = files.read(ArchiveLayout.manifestEntry(topic, partition, start));
    ManifestEntry last = ManifestEntry.fromJson(new String(json, StandardCharsets.UTF_8));
    if (last.startOffset() != start || last.partition() != partition) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "manifest entry %s lists another range than its name says: %s partition %d offset %d"
              .formatted(
                  ArchiveLayout.manifestEntry(topic, partition, start),
                  last.topic(),
                  last.partition(),
                  last.startOffset()));
    }
    return OptionalLong.of(last.endOffset());
  }

  /** Lists a file; false if another archiver has listed one from the same offset. */
  boolean add(ManifestEntry entry) throws IOException {
    return publish(
        ArchiveLayout.manifestEntry(entry.topic(), entry.partition(), entry.startOffset()),
        entry.toJson());
  }

  /** Says that all is listed that had arrived at a time. */
  void add(Completeness mark) throws IOException {
    // Another archiver may have said the same.
    boolean unused = publish(ArchiveLayout.completeness(mark.arrivedUpToMillis()), mark.toJson());
  }

  private boolean publish(String path, String json) throws IOException {
    String temporary = path + "." + UUID.randomUUID() + ".tmp";
    files.write(temporary, json.getBytes(StandardCharsets.UTF_8));
    return files.publish(temporary, path);
  }
}
