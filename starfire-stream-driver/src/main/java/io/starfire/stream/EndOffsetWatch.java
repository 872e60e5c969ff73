package io.starfire.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again and again where the logs of the raw partitions end, open transactions included. A
 * request that fails changes nothing, so that a broker that cannot be reached makes no partition
 * idle.
 */
final class EndOffsetWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndOffsetWatch.class);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final Admin admin;
  private final RawProgress progress;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  private ScheduledFuture<?> asking;
  private boolean failing;

  private EndOffsetWatch(Admin admin, RawProgress progress, InstantSource clock) {
    this.admin = admin;
    this.progress = progress;
    this.clock = clock;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "starfire-end-offsets");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts asking; the admin client stays the caller's. */
  static EndOffsetWatch start(
      Admin admin, RawProgress progress, InstantSource clock, Duration every) {
    EndOffsetWatch watch = new EndOffsetWatch(admin, progress, clock);
    watch.asking =
        watch.executor.scheduleWithFixedDelay(
            watch::ask, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private void ask() {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    progress.reading().keySet().forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    if (wanted.isEmpty()) {
      return;
    }
    long sentAtMillis = clock.millis();
    try {
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin
              .listOffsets(
                  wanted,
                  new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(TIMEOUT_MILLIS))
              .all()
              .get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      ends.forEach((partition, end) -> progress.noteEnd(partition, end.offset(), sentAtMillis));
      failing = false;
    } catch (ExecutionException | TimeoutException e) {
      if (!failing) {
        LOG.warn("the end offsets of {} could not be asked for: {}", wanted.keySet(), e.toString());
      }
      failing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    asking.cancel(true);
    executor.shutdownNow();
  }
}
