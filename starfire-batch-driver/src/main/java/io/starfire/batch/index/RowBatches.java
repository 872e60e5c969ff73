package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands rows from a thread that reads and decodes to one that indexes, so that two cores have work.
 * A batch has some thousand rows. A reader that is far ahead waits.
 */
final class RowBatches implements AutoCloseable {
  private static final int BATCH_ROWS = 2048;
  private static final int BATCHES_AHEAD = 4;
  private static final long CLOSE_SECONDS = 10;

  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES_AHEAD);
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "index-reader");
            thread.setDaemon(true);
            return thread;
          });
  private List<DataRow> pending = new ArrayList<>(BATCH_ROWS);

  /** Reads all rows. */
  @FunctionalInterface
  interface Source {
    void readAll(Consumer<DataRow> rows) throws IOException;
  }

  private record Batch(List<DataRow> rows, Throwable failure) {}

  /** Begins to read. */
  RowBatches(Source source) {
    reader.execute(() -> read(source));
    reader.shutdown();
  }

  /**
   * The next rows, or none at the end.
   *
   * @throws StarfireException as the reader did; with CANCELED if this thread is interrupted
   */
  List<DataRow> next() {
    Batch batch;
    try {
      batch = queue.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (batch.failure() instanceof StarfireException known) {
      throw known;
    }
    if (batch.failure() instanceof IOException unreadable) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the input cannot be read: %s; nothing was published".formatted(unreadable.getMessage()),
          unreadable);
    }
    if (batch.failure() != null) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "reading the input failed with %s; this is a defect, --verbose shows where"
              .formatted(batch.failure()),
          batch.failure());
    }
    return batch.rows();
  }

  private void read(Source source) {
    try {
      source.readAll(this::add);
      put(new Batch(List.copyOf(pending), null));
      if (!pending.isEmpty()) {
        put(new Batch(List.of(), null));
      }
    } catch (CancellationSignal e) {
      // Nobody waits for more.
      return;
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    try {
      put(new Batch(List.of(), failure));
    } catch (CancellationSignal e) {
      // Nobody waits for it.
      return;
    }
  }

  private void add(DataRow row) {
    pending.add(row);
    if (pending.size() == BATCH_ROWS) {
      put(new Batch(pending, null));
      pending = new ArrayList<>(BATCH_ROWS);
    }
  }

  private void put(Batch batch) {
    try {
      queue.put(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationSignal();
    }
  }

  private static StarfireException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StarfireException(ErrorCode.CANCELED, "the run was interrupted", e);
  }

  /** Ends the reader, wherever it is. */
  @Override
  public void close() {
    reader.shutdownNow();
    try {
      boolean unused = reader.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves the source's loop; never seen outside. */
  private static final class CancellationSignal extends RuntimeException {
    private static final long serialVersionUID = 1;

    CancellationSignal() {
      super(null, null, false, false);
    }
  }
}
