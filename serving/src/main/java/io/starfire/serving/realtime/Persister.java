package io.starfire.serving.realtime;

import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes sealed pieces of one data source to local files, and has their rows read from there. What
 * fails is tried again; the rows stay in memory until then. Thread-safe.
 */
final class Persister {
  /** Not forced to the disk: what is not committed is read from Kafka again after a crash. */
  private static final WriteOptions QUERYABLE = new WriteOptions(true, false);

  private final Path directory;
  private final RealtimeSettings settings;
  private final InstantSource clock;
  private final Executor executor;
  private final RealtimeMetrics metrics;
  private final ErrorLog errors;
  private final AtomicLong fileNumber = new AtomicLong();

  /**
   * Writes nothing yet.
   *
   * @param executor that bounds how many pieces are written at a time
   */
  Persister(
      Path directory,
      RealtimeSettings settings,
      InstantSource clock,
      Executor executor,
      RealtimeMetrics metrics,
      ErrorLog errors) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.executor = executor;
    this.metrics = metrics;
    this.errors = errors;
  }

  /** Starts to write each piece of the chain that is due. */
  void submitDue(PartitionChain chain) {
    Optional<Piece> piece = chain.takeForPersist(clock.millis());
    while (piece.isPresent()) {
      Piece due = piece.get();
      executor.execute(() -> persist(chain, due));
      piece = chain.takeForPersist(clock.millis());
    }
  }

  private void persist(PartitionChain chain, Piece piece) {
    PersistedFiles files = new PersistedFiles();
    boolean taken = false;
    try {
      Files.createDirectories(directory);
      for (PieceBucket bucket : piece.buckets()) {
        files.put(bucket, write(chain.kafkaPartition(), piece, bucket));
      }
      taken = chain.persisted(piece, files);
      metrics.persisted();
    } catch (RuntimeException e) {
      failed(chain, piece, e);
    } catch (IOException e) {
      failed(chain, piece, new UncheckedIOException(e));
    } finally {
      if (!taken) {
        files.discard();
      }
    }
  }

  /** Sealed: nobody adds to the index, and only this thread replaces it. */
  private SegmentReader write(int kafkaPartition, Piece piece, PieceBucket bucket) {
    Path file =
        directory.resolve(
            "%d-%d-%d-%d.segment"
                .formatted(
                    kafkaPartition, piece.start(), piece.end(), fileNumber.incrementAndGet()));
    try (IndexedRows rows = bucket.index().sortedSnapshot()) {
      SegmentWriter.write(rows, bucket.bucket(), file, QUERYABLE);
    }
    return SegmentReader.open(file);
  }

  private void failed(PartitionChain chain, Piece piece, RuntimeException e) {
    metrics.persistFailed();
    errors.report(
        "offsets [%d, %d) of partition %d could not be persisted; trying again"
            .formatted(piece.start(), piece.end(), chain.kafkaPartition()),
        e);
    chain.persistFailed(piece, clock.millis() + settings.retryBackoff().toMillis());
  }
}
