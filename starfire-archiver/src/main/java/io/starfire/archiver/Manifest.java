package io.starfire.archiver;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
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
    for (String name : old(ArchiveLayout.COMPLETE, KEPT_MARKS)) {
      // Archivers of other topics may share the archive: their marks are for them to delete.
      if (!ArchiveLayout.isListed(name) || isCovered(name, mark)) {
        files.delete(ArchiveLayout.COMPLETE + "/" + name);
      }
    }
  }

  private boolean isCovered(String name, Completeness mark) throws IOException {
    Completeness old;
    try {
      old = listed.completeness(name);
    } catch (StarfireException | FileNotFoundException | NoSuchFileException e) {
      // Another archiver has just deleted it, or it is one that nobody can read.
      return false;
    }
    return mark.topics().keySet().containsAll(old.topics().keySet());
  }

  /** Says that the beginning of a partition is not read any more; it can then be deleted. */
  void add(Pruning pruning) throws IOException {
    // If it was said before, by a pruning that was broken off, it is the same.
    boolean unused =
        publish(
            ArchiveLayout.pruning(
                pruning.topic(), pruning.topicId(), pruning.partition(), pruning.startOffset()),
            pruning.toJson());
    String directory =
        ArchiveLayout.pruningDirectory(pruning.topic(), pruning.topicId(), pruning.partition());
    for (String name : old(directory, 1)) {
      files.delete(directory + "/" + name);
    }
  }

  /** All but the latest numbered files, and unfinished ones that are older than those. */
  private List<String> old(String directory, int kept) throws IOException {
    List<String> names = files.list(directory);
    List<String> finished = names.stream().filter(ArchiveLayout::isListed).toList();
    if (finished.size() <= kept) {
      return List.of();
    }
    String oldestKept = finished.get(finished.size() - kept);
    return names.stream().filter(name -> name.compareTo(oldestKept) < 0).toList();
  }

  private boolean publish(String path, String json) throws IOException {
    String temporary = path + "." + UUID.randomUUID() + ".tmp";
    files.write(temporary, json.getBytes(StandardCharsets.UTF_8));
    return files.publish(temporary, path);
  }
}
