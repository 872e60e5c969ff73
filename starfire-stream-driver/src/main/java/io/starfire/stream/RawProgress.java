package io.starfire.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this process has read each raw partition assigned to it, and where their logs ended when
 * last asked. Written by the consumers and the {@link TopicWatch}, read by the tasks; thread-safe.
 */
final class RawProgress {
  private final Map<TopicPartition, Read> read = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Read> positions = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> processed = new ConcurrentHashMap<>();
  private final Map<TopicPartition, End> ends = new ConcurrentHashMap<>();
  private volatile long confirmedAsOfMillis = Long.MIN_VALUE;

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

  /** Notes how far a partition of any topic was read. */
  void notePosition(TopicPartition partition, Read at) {
    positions.put(partition, at);
  }

  void forgetPosition(TopicPartition partition) {
    positions.remove(partition);
  }

  /**
   * Up to where a partition was read and processed, exclusive.
   *
   * @param lastProcessed offset of the last record that its task has processed, -1 if none
   * @return -1 if records are still to be processed, or if it is not known
   */
  long positionAfter(TopicPartition partition, long lastProcessed) {
    Read at = positions.get(partition);
    return at != null && lastProcessed >= at.lastPolled() ? at.position() : -1;
  }

  void noteEnd(TopicPartition partition, long offset, long askedAtMillis) {
    ends.put(partition, new End(offset, askedAtMillis));
  }

  /** Notes that no raw topic had a partition that is not read when a request was sent. */
  void noteConfirmed(long askedAtMillis) {
    confirmedAsOfMillis = askedAtMillis;
  }

  /**
   * The time as of which every partition of the raw topics was being read; {@link Long#MIN_VALUE}
   * before that was first asked.
   */
  long confirmedAsOfMillis() {
    return confirmedAsOfMillis;
  }

  /** How far each partition of a topic was processed here, for a sentence. */
  String describe(String topic) {
    Map<Integer, Long> ends = new TreeMap<>();
    processed.forEach(
        (partition, last) -> {
          if (partition.topic().equals(topic) && last >= 0) {
            ends.put(partition.partition(), last + 1);
          }
        });
    return ends.isEmpty() ? "none of its records here" : Ranges.upTo(ends);
  }

  /** Notes the offset of the last record that a partition's task has processed, -1 for none. */
  void noteProcessed(TopicPartition partition, long lastProcessed) {
    processed.put(partition, lastProcessed);
  }

  /** The offset of the last record of a partition that was processed, -1 if none was. */
  long processed(TopicPartition partition) {
    return processed.getOrDefault(partition, -1L);
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
