package io.starfire.archiver;

import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicStart;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What is archived of one partition, and the file that is being written. Used by one thread. */
final class PartitionArchive {
  private final ArchiveFiles files;
  private final Manifest manifest;
  private final TopicStart topic;
  private final TopicPartition partition;
  private long listedEnd;
  private long position;
  private OpenFile file;

  /**
   * @param listedEnd where the manifest ends, exclusive
   */
  PartitionArchive(
      ArchiveFiles files, Manifest manifest, TopicStart topic, int partition, long listedEnd) {
    this.files = files;
    this.manifest = manifest;
    this.topic = topic;
    this.partition = new TopicPartition(topic.topic(), partition);
    this.listedEnd = listedEnd;
    this.position = listedEnd;
  }

  TopicPartition partition() {
    return partition;
  }

  TopicStart topic() {
    return topic;
  }

  /** What is listed, from where the partition's archive begins. */
  OffsetRange listed() {
    return new OffsetRange(topic.of(partition.partition()), listedEnd);
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
      file = new OpenFile(files, topic, partition.partition(), listedEnd, nowMillis);
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
      file = new OpenFile(files, topic, partition.partition(), listedEnd, nowMillis);
    }
    OpenFile finished = file;
    file = null;
    ManifestEntry entry = finished.finish(position, nowMillis);
    if (manifest.add(entry)) {
      listedEnd = entry.endOffset();
      return entry.rows();
    }
    listedEnd = manifest.listed().listed(topic, partition.partition()).end();
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
