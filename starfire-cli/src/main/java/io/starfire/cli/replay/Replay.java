package io.starfire.cli.replay;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the rows of a file, each when its event time is due, and says how far it is. Records are
 * stamped with the time of sending: the event time is in the value, and a record that is stamped
 * 2001 would be deleted by the topic's retention. One thread runs it; any may {@link #close} it.
 */
final class Replay implements AutoCloseable {
  private static final long PROGRESS_NANOS = 2_000_000_000L;
  private static final long WAIT_NANOS = 100_000_000L;

  private final RowReader rows;
  private final ReplaySource source;
  private final ReplayOptions options;
  private final Producer<byte[], byte[]> producer;
  private final PrintWriter out;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  /** Rows that are known to be in the topic, counted by the producer's thread. */
  private final AtomicLong acknowledged = new AtomicLong();

  /** The number of rows before the first that is not in the topic; set by the producer's thread. */
  private final AtomicLong firstFailed = new AtomicLong(Long.MAX_VALUE);

  private long sent;
  private long leftOut;
  private String firstProblem;
  private EventRow last;
  private long startNanos;
  private long nextProgressNanos;
  private long sentAtProgress;
  private long progressNanos;
  private Instant firstTime;

  Replay(
      RowReader rows,
      ReplaySource source,
      ReplayOptions options,
      Producer<byte[], byte[]> producer,
      PrintWriter out) {
    this.rows = rows;
    this.source = source;
    this.options = options;
    this.producer = producer;
    this.out = out;
  }

  /**
   * What became of the file.
   *
   * @param sent rows that are in the topic
   * @param leftOut rows that could not be written as records of the topic
   * @param firstProblem of those that were left out, or null
   * @param stopped whether it was stopped before its end
   */
  record Result(long sent, long leftOut, String firstProblem, boolean stopped) {}

  /**
   * Runs to the end of the file, the limit, or until it is closed.
   *
   * @throws StarfireException with UNAVAILABLE if Kafka no longer takes records, CORRUPT if the
   *     file is damaged; the message says how many rows were sent before
   */
  Result run() {
    try {
      return runRows();
    } catch (StarfireException e) {
      flushQuietly();
      throw new StarfireException(
          e.code(),
          "%s (%d rows were sent before that; --skip %d goes on behind them)"
              .formatted(
                  e.getMessage(), acknowledged.get(), Math.min(firstFailed.get(), nextRow())),
          e);
    } finally {
      ended.countDown();
    }
  }

  private Result runRows() {
    startNanos = System.nanoTime();
    progressNanos = startNanos;
    nextProgressNanos = startNanos + PROGRESS_NANOS;
    for (long skipped = 0; skipped < options.skip(); skipped++) {
      if (rows.next() == null) {
        break;
      }
    }
    while (!stopping && sent < options.limit()) {
      EventRow row = rows.next();
      if (row == null) {
        break;
      }
      if (!awaitDue(row)) {
        break;
      }
      send(row);
      if (System.nanoTime() - nextProgressNanos >= 0) {
        progress();
      }
    }
    producer.flush();
    check();
    summary();
    return new Result(sent, leftOut, firstProblem, stopping);
  }

  /** Waits until a row is due; false if the replay was stopped before. */
  private boolean awaitDue(EventRow row) {
    if (options.speedUp() == 0) {
      return true;
    }
    Instant time = rows.timeOf(row);
    if (time == null) {
      return true;
    }
    if (firstTime == null) {
      firstTime = time;
      startNanos = System.nanoTime();
    }
    double ahead = (time.toEpochMilli() - firstTime.toEpochMilli()) / options.speedUp();
    long dueNanos = startNanos + (long) (ahead * 1e6);
    while (System.nanoTime() - dueNanos < 0) {
      if (stopping) {
        return false;
      }
      LockSupport.parkNanos(Math.min(dueNanos - System.nanoTime(), WAIT_NANOS));
      if (System.nanoTime() - nextProgressNanos >= 0) {
        progress();
      }
    }
    return true;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  private void send(EventRow row) {
    ProducerRecord<byte[], byte[]> made;
    try {
      made = rows.recordOf(row);
    } catch (StarfireException e) {
      leftOut++;
      if (firstProblem == null) {
        firstProblem = "row %d: %s".formatted(options.skip() + sent + leftOut, e.getMessage());
      }
      return;
    }
    long rowIndex = nextRow();
    try {
      producer.send(
          made,
          (metadata, exception) -> {
            if (exception == null) {
              acknowledged.incrementAndGet();
            } else {
              firstFailed.accumulateAndGet(rowIndex, Math::min);
              failure.compareAndSet(null, exception);
            }
          });
    } catch (org.apache.kafka.common.KafkaException e) {
      failure.compareAndSet(null, e);
    }
    check();
    sent++;
    last = row;
  }

  /** The number of rows of the file before the next one. */
  private long nextRow() {
    return options.skip() + sent + leftOut;
  }

  private void check() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "Kafka does not take records for topic '%s': %s"
              .formatted(source.settings().topic(), cause.getMessage()),
          cause);
    }
  }

  private void flushQuietly() {
    try {
      producer.flush();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void progress() {
    long now = System.nanoTime();
    double seconds = Math.max(1e-9, (now - progressNanos) / 1e9);
    say((sent - sentAtProgress) / seconds, "");
    sentAtProgress = sent;
    progressNanos = now;
    nextProgressNanos = now + PROGRESS_NANOS;
  }

  private void summary() {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    String how = stopping ? "stopped; " : "done; ";
    say(sent / seconds, how);
    if (leftOut > 0) {
      out.printf(
          Locale.ROOT,
          "%,d rows were left out, since they cannot be sent as the topic's records; the first, %s%n",
          leftOut,
          firstProblem);
    } else if (stopping) {
      out.printf(Locale.ROOT, "--skip %d goes on behind them.%n", options.skip() + sent);
    }
    out.flush();
  }

  private void say(double rowsPerSecond, String how) {
    Instant time = last == null ? null : rows.timeOf(last);
    out.printf(
        Locale.ROOT,
        "%s%,d rows sent (%.0f%% of the file), %,.0f rows/s, event time %s%n",
        how,
        sent,
        100 * rows.fraction(),
        rowsPerSecond,
        time == null ? "unknown" : Times.format(time.toEpochMilli()));
    out.flush();
  }

  /** Asks it to stop, and waits until what was sent is in the topic and the summary is printed. */
  @Override
  public void close() {
    stopping = true;
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
