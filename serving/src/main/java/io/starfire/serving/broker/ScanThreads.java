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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that scan row sets, for all queries together. Thread-safe. */
final class ScanThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScanThreads.class);

  private final ExecutorService threads;

  ScanThreads(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count, task -> new Thread(task, "starfire-scan-" + number.incrementAndGet()));
  }

  /** As the other, for results that are few and small. */
  <T> List<T> scanAll(
      List<VisibleRows.Visible> rows, Function<VisibleRows.Visible, T> scan, QueryControl control) {
    List<T> results = new ArrayList<>();
    scanAll(rows, scan, results::add, control);
    return results;
  }

  /**
   * Scans each row set. Returns or throws only when no thread reads the rows any more; if something
   * fails, the scans are cancelled, and the first failure is thrown.
   *
   * @param take gets the results in the order of the row sets, while others are scanned
   */
  <T> void scanAll(
      List<VisibleRows.Visible> rows,
      Function<VisibleRows.Visible, T> scan,
      Consumer<T> take,
      QueryControl control) {
    List<Future<T>> scans = new ArrayList<>();
    Throwable failure = null;
    try {
      for (VisibleRows.Visible visible : rows) {
        scans.add(threads.submit(() -> scan(scan, visible)));
      }
    } catch (RejectedExecutionException e) {
      failure =
          new StarfireException(
              ErrorCode.UNAVAILABLE, "the server is being stopped and scans nothing more", e);
    } catch (OutOfMemoryError e) {
      failure = e;
    }
    for (Future<T> running : scans) {
      try {
        if (failure != null) {
          control.cancel();
        }
        T result = await(running, control);
        if (failure == null) {
          take.accept(result);
        }
      } catch (RuntimeException | Error e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
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
      LOG.error("a scan failed", e.getCause());
      throw new StarfireException(
          ErrorCode.INTERNAL, "a scan failed; the server's log says why", e.getCause());
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
