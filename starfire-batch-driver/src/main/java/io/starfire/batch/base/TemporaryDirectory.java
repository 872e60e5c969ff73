package io.starfire.batch.base;

import io.starfire.common.DirectoryLock;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary directory of a run of {@code index}, locked as long as the run lives: one that
 * nobody has locked is that of a run that died. One thread.
 */
public final class TemporaryDirectory {
  private static final String PREFIX = "starfire-index-";
  private static final String LOCK = "lock";

  private final Path path;
  private final DirectoryLock lock;

  private TemporaryDirectory(Path path, DirectoryLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes and locks a directory of a name of its own. */
  public static TemporaryDirectory make(Path parent) {
    try {
      Path path = Files.createTempDirectory(parent, PREFIX);
      return new TemporaryDirectory(
          path, DirectoryLock.take(path, LOCK, path + " is used by another run"));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "no directory for spilled rows can be made in %s: %s; name another place with --temporary-dir"
              .formatted(parent, IoFailure.reason(e)),
          e);
    }
  }

  public Path path() {
    return path;
  }

  /** Deletes it with all in it. */
  public void delete(Progress progress) {
    lock.close();
    delete(path, progress);
  }

  /** Deletes the directories of runs that died; how many. */
  public static int deleteDead(Path parent, Progress progress) {
    int deleted = 0;
    for (Path directory : directories(parent)) {
      // One without a lock file was made a moment ago, or by a run that died in that moment.
      if (Files.exists(directory.resolve(LOCK)) && isDead(directory)) {
        delete(directory, progress);
        deleted++;
        progress.line("deleted %s, left behind by a run that died".formatted(directory));
      }
    }
    return deleted;
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> found = Files.list(parent)) {
      return found
          .filter(path -> path.getFileName().toString().startsWith(PREFIX))
          .filter(Files::isDirectory)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      // That it cannot be used is said when the run makes its own.
      return List.of();
    }
  }

  private static boolean isDead(Path directory) {
    try (DirectoryLock lock = DirectoryLock.take(directory, LOCK, "it is alive")) {
      return lock != null;
    } catch (StarfireException | IOException e) {
      // Another run has it, or another user.
      return false;
    }
  }

  private static void delete(Path directory, Progress progress) {
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      progress.line("directory %s cannot be deleted: %s".formatted(directory, IoFailure.reason(e)));
    }
  }
}
