package io.starfire.serving.historical;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.storage.DeepStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory with copies of segment files from deep storage, each checked from its first to its
 * last byte before it is given out, and no larger together than a limit. A file that nobody holds
 * any more is deleted. What an earlier process left is used again if it is whole, and otherwise
 * fetched again. Thread-safe; files are brought one at a time.
 */
final class SegmentCache implements AutoCloseable {
  private static final String ENDING = ".segment";

  private final Path directory;
  private final DeepStorage deepStorage;
  private final long maxBytes;
  private final Map<String, Held> held = new HashMap<>();

  /** A file that is open, and how often it is held. */
  private static final class Held {
    private final SegmentReader reader;
    private int holds = 1;

    Held(SegmentReader reader) {
      this.reader = reader;
    }
  }

  SegmentCache(Path directory, DeepStorage deepStorage, long maxBytes) {
    this.directory = directory;
    this.deepStorage = deepStorage;
    this.maxBytes = maxBytes;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the segment cache %s cannot be made: %s".formatted(directory, e),
          e);
    }
  }

  /**
   * Brings a file, or holds it once more. The reader is the cache's; it stays open until the last
   * hold is let go.
   *
   * @throws StarfireException if the file is missing in deep storage or damaged there, or if there
   *     is no room
   */
  synchronized SegmentReader hold(String path, long sizeBytes) {
    Held known = held.get(path);
    if (known != null) {
      known.holds++;
      return known.reader;
    }
    SegmentReader reader = bring(path, sizeBytes);
    held.put(path, new Held(reader));
    return reader;
  }

  /** Lets one hold go; the last one closes and deletes the copy. */
  synchronized void release(String path) {
    Held known = held.get(path);
    if (known != null && --known.holds == 0) {
      held.remove(path);
      known.reader.close();
      delete(file(path));
    }
  }

  private SegmentReader bring(String path, long sizeBytes) {
    Path file = file(path);
    if (Files.exists(file)) {
      try {
        return openWhole(file);
      } catch (StarfireException e) {
        // A copy that an earlier process left, or that was damaged since; deep storage has another.
        delete(file);
      }
    }
    makeRoom(sizeBytes);
    deepStorage.fetch(path, file);
    try {
      return openWhole(file);
    } catch (StarfireException e) {
      delete(file);
      throw new StarfireException(
          e.code(), "'%s' in deep storage cannot be served: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Checks all, and opens anew: so each block is checked once more when a query first reads it. */
  private static SegmentReader openWhole(Path file) {
    try (SegmentReader checking = SegmentReader.open(file)) {
      checking.verify();
    }
    return SegmentReader.open(file);
  }

  /** Deletes leftovers of earlier processes until the file fits, or says that it does not. */
  private void makeRoom(long sizeBytes) {
    long used = held.values().stream().mapToLong(file -> file.reader.sizeBytes()).sum();
    if (used + sizeBytes > maxBytes) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the segment cache %s holds %d of at most %d bytes and has no room for %d more; raise starfire.server.cache-max-bytes"
              .formatted(directory, used, maxBytes, sizeBytes));
    }
    List<Path> leftovers = leftovers();
    long left = leftovers.stream().mapToLong(SegmentCache::sizeOf).sum();
    for (Path file : leftovers) {
      if (used + left + sizeBytes <= maxBytes) {
        return;
      }
      left -= sizeOf(file);
      delete(file);
    }
  }

  private List<Path> leftovers() {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> used = held.keySet().stream().map(this::file).toList();
      return files.filter(file -> !used.contains(file)).sorted().toList();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the segment cache %s cannot be read: %s".formatted(directory, e),
          e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the cached segment %s cannot be deleted: %s".formatted(file, e),
          e);
    }
  }

  /** Paths may be deep; their hash keeps names short, and apart. */
  private Path file(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return directory.resolve(HexFormat.of().formatHex(digest, 0, 16) + ENDING);
    } catch (NoSuchAlgorithmException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  /** Closes all files, and keeps them for the next process. */
  @Override
  public synchronized void close() {
    held.values().forEach(file -> file.reader.close());
    held.clear();
  }
}
