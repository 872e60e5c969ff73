package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WriteOptions;
import java.io.IOException;
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
  private final AtomicLong fileNumbers;
  private final SegmentFile file;

  /** Writes rows of one bucket to a file. */
  interface SegmentFile {
    void write(IndexedRows rows, Interval bucket, Path file);
  }

  /**
   * Writes nothing yet.
   *
   * @param executor that bounds how many pieces are written at a time
   * @param fileNumbers of the node, so that no two of its files have the same name
   */
  Persister(
      Path directory,
      RealtimeSettings settings,
      InstantSource clock,
      Executor executor,
      AtomicLong fileNumbers,
      RealtimeMetrics metrics,
      ErrorLog errors) {
    this(
        directory,
        settings,
        clock,
        executor,
        fileNumbers,
        metrics,
        errors,
        (rows, bucket, file) -> SegmentWriter.write(rows, bucket, file, QUERYABLE));
  }

  /** As the other, with files written in another way. */
  Persister(
      Path directory,
      RealtimeSettings settings,
      InstantSource clock,
      Executor executor,
      AtomicLong fileNumbers,
      RealtimeMetrics metrics,
      ErrorLog errors,
      SegmentFile file) {
    this.fileNumbers = fileNumbers;
    this.file = file;
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
      try {
        executor.execute(() -> persist(chain, due));
      } catch (RuntimeException | Error e) {
        failed(chain, due, e);
        throw e;
      }
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
    } catch (RuntimeException | Error e) {
      // An error too: a piece that stayed marked as under way would never be written.
      failed(chain, piece, e);
    } catch (IOException e) {
      failed(
          chain,
          piece,
          new StarfireException(
              ErrorCode.UNAVAILABLE,
              "the directory %s cannot be made: %s".formatted(directory, IoFailure.reason(e)),
              e));
    } finally {
      if (!taken) {
        files.discard();
      }
    }
  }

  /** Sealed: nobody adds to the index, and only this thread replaces it. */
  private SegmentReader write(int kafkaPartition, Piece piece, PieceBucket bucket) {
    Path target =
        directory.resolve(
            "%d-%d-%d-%d.segment"
                .formatted(
                    kafkaPartition, piece.start(), piece.end(), fileNumbers.incrementAndGet()));
    try (IndexedRows rows = bucket.index().sortedSnapshot()) {
      file.write(rows, bucket.bucket(), target);
    }
    return SegmentReader.open(target);
  }

  private void failed(PartitionChain chain, Piece piece, Throwable e) {
    metrics.persistFailed();
    errors.report(
        "offsets [%d, %d) of partition %d could not be persisted; trying again"
            .formatted(piece.start(), piece.end(), chain.kafkaPartition()),
        e);
    chain.persistFailed(piece, clock.millis() + settings.retryBackoff().toMillis());
  }
}
