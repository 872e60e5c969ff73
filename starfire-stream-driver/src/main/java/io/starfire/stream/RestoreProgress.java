package io.starfire.stream;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the state of the tasks that begin here has been restored. The log of the process says it
 * too: at the start, at each tenth, and at the end. Thread-safe.
 */
final class RestoreProgress implements StateRestoreListener, StandbyUpdateListener {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreProgress.class);
  private static final int STEPS = 10;

  private final Runnable onProgress;
  private final Map<TopicPartition, Part> parts = new ConcurrentHashMap<>();

  /**
   * @param onProgress called when something was restored
   */
  RestoreProgress(Runnable onProgress) {
    this.onProgress = onProgress;
  }

  /** Offsets: restored from {@code start} up to {@code at}; it has to be restored up to the end. */
  private record Part(long start, long at, long end) {
    private long step() {
      return STEPS * (at - start) / (end - start);
    }
  }

  boolean isRestoring() {
    return !parts.isEmpty();
  }

  /** What is being restored, as a sentence; empty if nothing is. */
  Optional<String> describe() {
    long done = 0;
    long all = 0;
    int partitions = 0;
    for (Part part : parts.values()) {
      partitions++;
      done += part.at() - part.start();
      all += part.end() - part.start();
    }
    return partitions == 0
        ? Optional.empty()
        : Optional.of(
            "state is being restored: %d of %d records of %d partitions"
                .formatted(done, all, partitions));
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
    if (end > start) {
      parts.put(partition, new Part(start, start, end));
      LOG.info(
          "state is made from topic '{}' partition {}, offset {} to {}",
          partition.topic(),
          partition.partition(),
          start,
          end);
    }
    onProgress.run();
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long last, long restored) {
    parts.computeIfPresent(
        partition,
        (same, part) -> {
          Part next = new Part(part.start(), Math.min(last + 1, part.end()), part.end());
          if (next.step() > part.step()) {
            LOG.info(
                "state is made from topic '{}' partition {}: {} of {} offsets are read",
                partition.topic(),
                partition.partition(),
                next.at() - next.start(),
                next.end() - next.start());
          }
          return next;
        });
    onProgress.run();
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long restored) {
    if (parts.remove(partition) != null) {
      LOG.info(
          "state is made from topic '{}' partition {}: done, {} records",
          partition.topic(),
          partition.partition(),
          restored);
    }
    onProgress.run();
  }

  @Override
  public void onRestoreSuspended(TopicPartition partition, String store, long restored) {
    parts.remove(partition);
  }

  @Override
  public void onUpdateStart(TopicPartition partition, String store, long start) {
    onProgress.run();
  }

  @Override
  public void onBatchLoaded(
      TopicPartition partition, String store, TaskId task, long last, long size, long end) {
    onProgress.run();
  }

  @Override
  public void onUpdateSuspended(
      TopicPartition partition, String store, long at, long end, SuspendReason reason) {
    onProgress.run();
  }
}
