package io.starfire.archiver;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Adds to what the archive lists. What is there is never replaced. Used by one thread. */
final class Manifest {
  /** Only the latest mark is read; somebody may just be about to read one that was the latest. */
  static final int KEPT_MARKS = 16;

  private final ArchiveFiles files;
  private final ArchiveManifest listed;

  Manifest(ArchiveFiles files) {
    this.files = files;
    this.listed = new ArchiveManifest(files);
  }

  /** What is listed. */
  ArchiveManifest listed() {
    return listed;
  }

  /**
   * Says where a topic begins; if another archiver has just said so, that holds.
   *
   * @return what holds
   */
  TopicStart begin(TopicStart start) throws IOException {
    boolean unused =
        publish(ArchiveLayout.topicStart(start.topic(), start.topicId()), start.toJson());
    return listed
        .start(start.topic(), start.topicId())
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.UNAVAILABLE,
                    "%s was written and is not there; look at the archive's file system"
                        .formatted(ArchiveLayout.topicStart(start.topic(), start.topicId()))));
  }

  /** Lists a file; false if another archiver has listed one from the same offset. */
  boolean add(ManifestEntry entry) throws IOException {
    return publish(
        ArchiveLayout.manifestEntry(
            entry.topic(), entry.topicId(), entry.partition(), entry.startOffset()),
        entry.toJson());
  }

  /** Says that all is listed that had arrived at a time, and deletes marks that nobody reads. */
  void add(Completeness mark) throws IOException {
    // Another archiver may have said the same.
    boolean unused = publish(ArchiveLayout.completeness(mark.arrivedUpToMillis()), mark.toJson());
    deleteOld(ArchiveLayout.COMPLETE, KEPT_MARKS);
  }

  /** Says that the beginning of a partition is not read any more; it can then be deleted. */
  void add(Pruning pruning) throws IOException {
    // If it was said before, by a pruning that was broken off, it is the same.
    boolean unused =
        publish(
            ArchiveLayout.pruning(
                pruning.topic(), pruning.topicId(), pruning.partition(), pruning.startOffset()),
            pruning.toJson());
    deleteOld(
        ArchiveLayout.pruningDirectory(pruning.topic(), pruning.topicId(), pruning.partition()), 1);
  }

  /** Deletes all but the latest numbered files, and unfinished ones that are older than those. */
  private void deleteOld(String directory, int kept) throws IOException {
    List<String> names = files.list(directory);
    List<String> finished = names.stream().filter(ArchiveLayout::isListed).toList();
    if (finished.size() <= kept) {
      return;
    }
    String oldestKept = finished.get(finished.size() - kept);
    for (String name : names) {
      if (name.compareTo(oldestKept) < 0) {
        files.delete(directory + "/" + name);
      }
    }
  }

  private boolean publish(String path, String json) throws IOException {
    String temporary = path + "." + UUID.randomUUID() + ".tmp";
    files.write(temporary, json.getBytes(StandardCharsets.UTF_8));
    return files.publish(temporary, path);
  }
}
