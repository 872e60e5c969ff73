package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The threads that scan row sets, for all queries together. Thread-safe. */
final class ScanThreads implements AutoCloseable {
  private final ExecutorService threads;

  ScanThreads(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count, task -> new Thread(task, "starfire-scan-" + number.incrementAndGet()));
  }

  /**
   * Scans each row set. Returns or throws only when no thread reads the rows any more; if a scan
   * fails, the others are cancelled, and the first failure is thrown.
   */
  <T> List<T> scanAll(
      List<VisibleRows.Visible> rows, Function<VisibleRows.Visible, T> scan, QueryControl control) {
    List<Future<T>> scans = new ArrayList<>();
    for (VisibleRows.Visible visible : rows) {
      scans.add(threads.submit(() -> scan(scan, visible)));
    }
    List<T> results = new ArrayList<>();
    StarfireException failure = null;
    for (Future<T> running : scans) {
      try {
        results.add(await(running, control));
      } catch (StarfireException e) {
        control.cancel();
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static <T> T scan(Function<VisibleRows.Visible, T> scan, VisibleRows.Visible visible) {
    try {
      return scan.apply(visible);
    } catch (StarfireException e) {
      throw visible.failed(e);
    }
  }

  /** Even an interrupted query waits for its scans to end, which being cancelled they soon do. */
  private static <T> T await(Future<T> scan, QueryControl control) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return scan.get();
        } catch (InterruptedException e) {
          interrupted = true;
          control.cancel();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StarfireException known) {
        throw known;
      }
      throw new StarfireException(
          ErrorCode.INTERNAL, "a scan failed with " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
