package io.starfire.archiver;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventTimes;
import io.starfire.hadoop.HadoopClient;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Deletes the beginning of an archive, while archivers may write to its end. For each partition it
 * deletes files from the first one on, as long as a file has only events before a given time, and
 * only records without event time that arrived before it. The last file always stays, since it says
 * where an archiver continues.
 *
 * <p>First it records what must not be read any more; then it deletes data and entries. So a batch
 * run that needs deleted data is refused. If it is interrupted, it leaves files that nobody reads;
 * the next pruning deletes them. Not thread-safe.
 */
public final class ArchivePruning {
  private final ArchiveFiles files;
  private final Manifest manifest;
  private final long beforeMillis;
  private final long maxAheadMillis;
  private final long nowMillis;
  private long deletedFiles;
  private long deletedRows;

  /**
   * What was deleted. Immutable.
   *
   * @param files of data
   * @param rows in them
   */
  public record Report(long files, long rows) {}

  ArchivePruning(ArchiveFiles files, StarfireConfig config, long beforeMillis, long nowMillis) {
    this.files = files;
    this.manifest = new Manifest(files);
    this.beforeMillis = beforeMillis;
    this.maxAheadMillis = EventTimes.from(config).maxAhead().toMillis();
    this.nowMillis = nowMillis;
  }

  /**
   * Prunes the archive of a deployment.
   *
   * @param beforeMillis events and arrivals before this time may be deleted
   * @throws StarfireException with INVALID_INPUT if the time is in the future, CORRUPT if entries
   *     are missing, UNAVAILABLE if the file system refuses
   */
  public static Report prune(StarfireConfig config, long beforeMillis, InstantSource clock) {
    long nowMillis = clock.millis();
    if (beforeMillis > nowMillis) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "--before must not be in the future: what is not archived yet would be missing");
    }
    String root = config.string("starfire.archive.root");
    try {
      return new ArchivePruning(
              ArchiveFiles.of(root, HadoopClient.properties(config)),
              config,
              beforeMillis,
              nowMillis)
          .prune();
    } catch (IOException e) {
      throw ArchiverFailures.of(root, e);
    }
  }

  Report prune() throws IOException {
    for (String name : manifest.listed().topicNames()) {
      for (TopicStart topic : manifest.listed().topics(name)) {
        for (int partition : manifest.listed().partitions(name, topic.topicId())) {
          prune(topic, partition);
        }
      }
    }
    return new Report(deletedFiles, deletedRows);
  }

  private void prune(TopicStart topic, int partition) throws IOException {
    Optional<Pruning> earlier = manifest.listed().pruning(topic, partition);
    long start = earlier.map(Pruning::startOffset).orElse(topic.of(partition));
    long events = earlier.map(Pruning::eventsBeforeMillis).orElse(0L);
    long arrivals = earlier.map(Pruning::arrivalsBeforeMillis).orElse(0L);
    List<ManifestEntry> entries = manifest.listed().entries(topic, partition, false);
    long newStart = start;
    for (ManifestEntry entry : entries.subList(0, Math.max(0, entries.size() - 1))) {
      if (entry.eventsBeforeMillis() > beforeMillis || arrivedBefore(entry) > beforeMillis) {
        break;
      }
      events = Math.max(events, entry.eventsBeforeMillis());
      arrivals = Math.max(arrivals, arrivedBefore(entry));
      newStart = entry.endOffset();
    }
    if (newStart > start) {
      manifest.add(
          new Pruning(
              topic.topic(), topic.topicId(), partition, newStart, events, arrivals, nowMillis));
    }
    delete(topic, partition, newStart);
  }

  /** Records without event time arrived before this time; 0 if there is none. */
  private long arrivedBefore(ManifestEntry entry) {
    if (entry.rowsWithoutEventTime() == 0) {
      return 0;
    }
    // A timestamp further ahead of the time of reading does not count.
    long latest = Math.min(entry.maxRecordTimestamp(), entry.writtenAtMillis() + maxAheadMillis);
    return Math.max(latest, entry.writtenAtMillis()) + 1;
  }

  /** What crashes have left of files that are pruned since; nobody is writing them any more. */
  private void deleteUnfinished(TopicStart topic, int partition, long beforeOffset)
      throws IOException {
    String directory = ArchiveLayout.dataDirectory(topic.topic(), topic.topicId());
    for (String name : files.list(directory)) {
      if (OpenFile.isTemporary(name, partition, beforeOffset)) {
        files.delete(directory + "/" + name);
      }
    }
  }

  private void delete(TopicStart topic, int partition, long beforeOffset) throws IOException {
    for (long start : manifest.listed().entryStarts(topic, partition)) {
      if (start >= beforeOffset) {
        break;
      }
      ManifestEntry entry = manifest.listed().entry(topic, partition, start);
      // The entry goes last: it says which file is to be deleted.
      files.delete(entry.file());
      files.delete(ArchiveLayout.manifestEntry(topic.topic(), topic.topicId(), partition, start));
      deletedFiles++;
      deletedRows += entry.rows();
      files.deleteIfEmpty(entry.file().substring(0, entry.file().lastIndexOf('/')));
    }
    deleteUnfinished(topic, partition, beforeOffset);
  }
}
