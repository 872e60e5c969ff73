package io.starfire.serving.query.run;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The directory in which partial results wait that do not fit the memory of their queries. What an
 * earlier process left there is deleted at the start. Thread-safe.
 */
public final class SpillSpace {
  private final Path directory;
  private final long maxBytes;
  private final long spillAtBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private final AtomicLong names = new AtomicLong();

  /**
   * Deletes what is in the directory.
   *
   * @param directory of this process alone; it need not exist
   * @param maxBytes of all queries together; 0 if nothing is spilled
   * @param spillAtBytes how much merged groups take in memory before they are spilled; never more
   *     than a quarter of the memory of a query
   */
  public SpillSpace(Path directory, long maxBytes, long spillAtBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.spillAtBytes = spillAtBytes;
    deleteLeftOver();
  }

  /** No space: nothing is spilled. */
  public static SpillSpace none() {
    return new SpillSpace(Path.of("none"), 0, Long.MAX_VALUE);
  }

  private void deleteLeftOver() {
    if (!isUsable() || !Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> left = Files.walk(directory)) {
      List<Path> deepestFirst = left.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw unavailable("what an earlier process left there cannot be deleted", e);
    }
  }

  boolean isUsable() {
    return maxBytes > 0;
  }

  /** When the merged groups of a query with so much memory are spilled. */
  long spillAtBytes(long memoryBytes) {
    return Math.min(spillAtBytes, memoryBytes / 4);
  }

  /** A file that no other query has. It does not exist yet. */
  Path newFile() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw unavailable("it cannot be made", e);
    }
    return directory.resolve("run-" + names.incrementAndGet());
  }

  /**
   * Takes room on the disk.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if there is none
   */
  void reserve(long bytes) {
    if (usedBytes.addAndGet(bytes) > maxBytes) {
      usedBytes.addAndGet(-bytes);
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the groups of the query fit neither its memory nor the %d bytes that all queries may spill to disk; use fewer dimensions, a coarser granularity, a filter or a shorter interval"
              .formatted(maxBytes));
    }
    writtenBytes.addAndGet(bytes);
  }

  void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Bytes that are on the disk now. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Bytes that were written since the start. */
  public long writtenBytes() {
    return writtenBytes.get();
  }

  StarfireException unavailable(String what, IOException e) {
    if (DiskFull.isCauseOf(e)) {
      return DiskFull.at("the spill directory", directory, e);
    }
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the spill directory %s cannot be used: %s: %s"
            .formatted(directory, what, IoFailure.reason(e)),
        e);
  }
}
