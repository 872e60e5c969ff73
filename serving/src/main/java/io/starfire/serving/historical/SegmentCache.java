package io.starfire.serving.historical;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.storage.DeepStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory with copies of segment files from deep storage, each checked from its first to its
 * last byte before it is given out, and no larger together than a limit. What an earlier process
 * left is used again if it is whole, and otherwise fetched again.
 *
 * <p>Thread-safe. The lock is held for looking things up alone, never while a file is brought,
 * checked or deleted: who asks for a file waits for that file, and for no other. A file that nobody
 * holds any more is deleted by {@link #sweep}, which whoever lets go need not wait for.
 */
final class SegmentCache implements AutoCloseable {
  private static final String ENDING = ".segment";

  private final Path directory;
  private final DeepStorage deepStorage;
  private final long maxBytes;
  private final Map<String, Held> held = new HashMap<>();

  /** Files that nobody holds, and that are still there. */
  private final Set<String> unheld = new HashSet<>();

  /** Held while files are deleted, and while the file of a path comes to be held. */
  private final Object deleting = new Object();

  /** A file that is open or being brought, and how often it is held. */
  private static final class Held {
    private final CompletableFuture<SegmentReader> reader = new CompletableFuture<>();
    private final long sizeBytes;
    private int holds = 1;

    Held(long sizeBytes) {
      this.sizeBytes = sizeBytes;
    }
  }

  SegmentCache(Path directory, DeepStorage deepStorage, long maxBytes) {
    this.directory = directory;
    this.deepStorage = deepStorage;
    this.maxBytes = maxBytes;
    try {
      Files.createDirectories(directory);
      deleteUnfinished();
    } catch (IOException e) {
      if (DiskFull.isCauseOf(e)) {
        throw DiskFull.at("the segment cache", directory, e);
      }
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the segment cache %s cannot be made: %s".formatted(directory, IoFailure.reason(e)),
          e);
    }
  }

  /** What an earlier process was fetching when it was killed. */
  private void deleteUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = Files.list(directory)) {
      unfinished = files.filter(file -> !file.toString().endsWith(ENDING)).toList();
    }
    unfinished.forEach(SegmentCache::delete);
  }

  /**
   * Brings a file, or holds it once more; who holds a file that another thread brings waits for it.
   * The reader is the cache's; it stays open until the last hold is let go.
   *
   * @throws StarfireException if the file is missing in deep storage or damaged there, or if there
   *     is no room
   */
  SegmentReader hold(String path, long sizeBytes) {
    Held known;
    synchronized (this) {
      known = held.get(path);
      if (known != null) {
        known.holds++;
      }
    }
    return known != null ? await(known) : bring(path, sizeBytes);
  }

  private SegmentReader bring(String path, long sizeBytes) {
    Held brought = new Held(sizeBytes);
    Held other;
    // A file is not deleted after this: it is held.
    synchronized (deleting) {
      other = reserve(path, brought);
    }
    if (other != null) {
      return await(other);
    }
    try {
      SegmentReader reader = bringFile(path);
      brought.reader.complete(reader);
      return reader;
    } catch (RuntimeException | Error e) {
      giveUp(path, brought, e);
      throw e;
    }
  }

  /** Takes the place of a path if there is room; returns who has it, or null if it is ours now. */
  private synchronized @Nullable Held reserve(String path, Held mine) {
    Held known = held.get(path);
    if (known != null) {
      known.holds++;
      return known;
    }
    long used = held.values().stream().mapToLong(file -> file.sizeBytes).sum();
    if (used + mine.sizeBytes > maxBytes) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the segment cache %s holds %d of at most %d bytes and has no room for %d more; raise starfire.server.cache-max-bytes"
              .formatted(directory, used, maxBytes, mine.sizeBytes));
    }
    held.put(path, mine);
    unheld.remove(path);
    return null;
  }

  private synchronized void giveUp(String path, Held mine, Throwable why) {
    held.remove(path, mine);
    mine.reader.completeExceptionally(why);
  }

  private static SegmentReader await(Held known) {
    try {
      return known.reader.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StarfireException why) {
        throw new StarfireException(why.code(), why.getMessage(), why);
      }
      throw new StarfireException(
          ErrorCode.INTERNAL, "a segment file could not be fetched: " + e.getCause(), e);
    }
  }

  private SegmentReader bringFile(String path) {
    Path file = file(path);
    if (Files.exists(file)) {
      try {
        return openWhole(file);
      } catch (StarfireException e) {
        // A copy that an earlier process left, or that was damaged since; deep storage has another.
        delete(file);
      }
    }
    makeRoom();
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

  /** Lets one hold go. With the last one the file is closed, and goes at the next sweep. */
  synchronized void release(String path) {
    Held known = held.get(path);
    if (known != null && --known.holds == 0) {
      held.remove(path);
      unheld.add(path);
      known.reader.join().close();
    }
  }

  /** Deletes the files that nobody holds any more. */
  void sweep() {
    for (String path : copyOfUnheld()) {
      synchronized (deleting) {
        if (isStillUnheld(path)) {
          delete(file(path));
          swept(path);
        }
      }
    }
  }

  private synchronized List<String> copyOfUnheld() {
    return List.copyOf(unheld);
  }

  private synchronized boolean isStillUnheld(String path) {
    return unheld.contains(path);
  }

  private synchronized void swept(String path) {
    unheld.remove(path);
  }

  /** Deletes leftovers of earlier processes until there is room for all that is held. */
  private void makeRoom() {
    sweep();
    synchronized (deleting) {
      Set<Path> files = heldFiles();
      long used = heldBytes();
      List<Path> leftovers = leftovers(files);
      long left = leftovers.stream().mapToLong(SegmentCache::sizeOf).sum();
      for (Path file : leftovers) {
        if (used + left <= maxBytes) {
          return;
        }
        left -= sizeOf(file);
        delete(file);
      }
    }
  }

  private synchronized Set<Path> heldFiles() {
    return held.keySet().stream().map(this::file).collect(Collectors.toSet());
  }

  private synchronized long heldBytes() {
    return held.values().stream().mapToLong(file -> file.sizeBytes).sum();
  }

  /** Files of no held path. A file that is being fetched has another ending until it is there. */
  private List<Path> leftovers(Set<Path> used) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING) && !used.contains(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the segment cache %s cannot be read: %s".formatted(directory, IoFailure.reason(e)),
          e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the cached segment %s cannot be read: %s".formatted(file, IoFailure.reason(e)),
          e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the cached segment %s cannot be deleted: %s".formatted(file, IoFailure.reason(e)),
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
    for (Held file : held.values()) {
      // One that is still being read closes as soon as it is there.
      CompletableFuture<Void> unused = file.reader.thenAccept(SegmentReader::close);
    }
    held.clear();
  }
}
