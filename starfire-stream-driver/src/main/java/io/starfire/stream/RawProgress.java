package io.starfire.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this process has read each raw partition assigned to it, and where their logs ended when
 * last asked. Written by the consumers and the {@link EndOffsetWatch}, read by the tasks;
 * thread-safe.
 */
final class RawProgress {
  private final Map<TopicPartition, Read> read = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> processed = new ConcurrentHashMap<>();
  private final Map<TopicPartition, End> ends = new ConcurrentHashMap<>();

  /**
   * What a consumer has read.
   *
   * @param position offset of the next record to fetch
   * @param lastPolled offset of the last record that was handed over, -1 if none was
   */
  record Read(long position, long lastPolled) {}

  /**
   * The end of a log.
   *
   * @param offset of the high watermark: the next record's, open transactions included
   * @param askedAtMillis when the request was sent
   */
  record End(long offset, long askedAtMillis) {}

  void noteRead(TopicPartition partition, long position, long lastPolled) {
    read.put(partition, new Read(position, lastPolled));
  }

  void forget(TopicPartition partition) {
    read.remove(partition);
  }

  void noteEnd(TopicPartition partition, long offset, long askedAtMillis) {
    ends.put(partition, new End(offset, askedAtMillis));
  }

  /** Notes the offset of the last record that a partition's task has processed, -1 for none. */
  void noteProcessed(TopicPartition partition, long lastProcessed) {
    processed.put(partition, lastProcessed);
  }

  /** How many offsets of the log of each partition read here have not been processed. */
  Map<TopicPartition, Long> lags() {
    Map<TopicPartition, Long> lags = new HashMap<>();
    read.forEach(
        (partition, at) -> {
          End end = ends.get(partition);
          if (end != null) {
            long last = processed.getOrDefault(partition, -1L);
            long next = last >= at.lastPolled() ? at.position() : last + 1;
            lags.put(partition, Math.max(0, end.offset() - next));
          }
        });
    return lags;
  }

  /** The partitions that are being read here. */
  Map<TopicPartition, Read> reading() {
    return Map.copyOf(read);
  }

  /**
   * The time as of which a partition had nothing left to read.
   *
   * @param lastProcessed offset of the last record that its task has processed, -1 if none
   * @return empty if something is left, or if it is not known
   */
  OptionalLong caughtUpAsOf(TopicPartition partition, long lastProcessed) {
    Read at = read.get(partition);
    End end = ends.get(partition);
    boolean caughtUp =
        at != null
            && end != null
            && at.position() >= end.offset()
            && lastProcessed >= at.lastPolled();
    return caughtUp ? OptionalLong.of(end.askedAtMillis()) : OptionalLong.empty();
  }
}
