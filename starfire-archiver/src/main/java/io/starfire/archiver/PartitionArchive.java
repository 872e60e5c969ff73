package io.starfire.archiver;

import io.starfire.archive.ManifestEntry;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What is archived of one partition, and the file that is being written. Used by one thread. */
final class PartitionArchive {
  private final ArchiveFiles files;
  private final Manifest manifest;
  private final TopicPartition partition;
  private long listedEnd;
  private long position;
  private OpenFile file;

  /**
   * @param listedEnd where the manifest ends, exclusive
   */
  PartitionArchive(
      ArchiveFiles files, Manifest manifest, TopicPartition partition, long listedEnd) {
    this.files = files;
    this.manifest = manifest;
    this.partition = partition;
    this.listedEnd = listedEnd;
    this.position = listedEnd;
  }

  TopicPartition partition() {
    return partition;
  }

  long listedEnd() {
    return listedEnd;
  }

  /** Offset of the next record to read. */
  long position() {
    return position;
  }

  /** Says that all records before an offset have been handed over. */
  void readUpTo(long nextOffset) {
    position = nextOffset;
  }

  void add(ConsumerRecord<byte[], byte[]> record, OptionalLong eventTime, long nowMillis)
      throws IOException {
    if (file == null) {
      file = new OpenFile(files, partition, listedEnd, nowMillis);
    }
    file.add(record, eventTime, nowMillis);
  }

  boolean isDue(long nowMillis, long rollMillis, long rollBytes) {
    return file != null
        && (nowMillis - file.openedAtMillis() >= rollMillis || file.bytes() >= rollBytes);
  }

  boolean hasOpenFile() {
    return file != null;
  }

  /**
   * Lists what has been read, even if no record was in it.
   *
   * @return the rows listed, or -1 if another archiver has listed a range from the same offset;
   *     then this one goes on behind it, and must read from {@link #position} on
   */
  long list(long nowMillis) throws IOException {
    if (file == null) {
      file = new OpenFile(files, partition, listedEnd, nowMillis);
    }
    OpenFile finished = file;
    file = null;
    ManifestEntry entry = finished.finish(position, nowMillis);
    if (manifest.add(entry)) {
      listedEnd = entry.endOffset();
      return entry.rows();
    }
    listedEnd = manifest.end(partition.topic(), partition.partition()).orElseThrow();
    position = listedEnd;
    return -1;
  }

  void discard() throws IOException {
    if (file != null) {
      file.discard();
      file = null;
    }
  }
}
