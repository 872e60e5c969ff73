package io.starfire.serving.realtime;

import io.starfire.common.DirectoryLock;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of a node's persisted pieces: locked against other nodes, and emptied when it is
 * opened, since what an earlier process left there is read from Kafka again.
 */
final class NodeDirectory implements AutoCloseable {
  private static final String LOCK_FILE = "realtime.lock";

  private final DirectoryLock lock;

  private NodeDirectory(DirectoryLock lock) {
    this.lock = lock;
  }

  /**
   * Takes the directory.
   *
   * @throws StarfireException with CONFLICT if another node has it, UNAVAILABLE if it cannot be
   *     used
   */
  static NodeDirectory open(Path directory) {
    try {
      DirectoryLock lock =
          DirectoryLock.take(
              directory,
              LOCK_FILE,
              "the real-time directory %s is in use by another node; give each node its own"
                  .formatted(directory));
      deletePieces(directory);
      return new NodeDirectory(lock);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the real-time directory %s cannot be used: %s".formatted(directory, IoFailure.reason(e)),
          e);
    }
  }

  private static void deletePieces(Path directory) throws IOException {
    List<Path> found;
    try (Stream<Path> paths = Files.walk(directory, 2)) {
      found = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : found) {
      if (path.getFileName().toString().endsWith(".segment")) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
