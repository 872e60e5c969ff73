package io.starfire.segment.storage;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Deep storage in a directory of the local disk, or of a disk that all machines mount. A file is
 * copied under a temporary name and forced to the disk. Then it gets its name by a hard link, which
 * never replaces a file. Thread-safe.
 */
public final class LocalDeepStorage implements DeepStorage {
  private final Path root;

  /**
   * Opens deep storage in a directory.
   *
   * @param root created if it does not exist
   */
  public LocalDeepStorage(Path root) {
    try {
      Files.createDirectories(root);
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "deep storage %s cannot be made: %s".formatted(root, IoFailure.reason(e)),
          e);
    }
  }

  @Override
  public String root() {
    return root.toString();
  }

  @Override
  public String push(Path localFile, String relativePath) {
    Path target = resolve(relativePath);
    Path temporary = temporary(target);
    try {
      makeDirectories(target.getParent());
      try {
        copyDurably(localFile, temporary);
        Files.createLink(target, temporary);
        sync(target.getParent());
      } catch (FileAlreadyExistsException e) {
        checkSame(localFile, target, relativePath);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failed("stored", relativePath, e);
    }
    return relativePath;
  }

  @Override
  public void fetch(String path, Path target) {
    Path stored = resolve(path);
    Path temporary = temporary(target);
    try {
      copyDurably(stored, temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      if (Files.exists(stored)) {
        throw failed("fetched", path, e);
      }
      throw new StarfireException(
          ErrorCode.NOT_FOUND, "deep storage %s has no file '%s'".formatted(root, path), e);
    } catch (IOException e) {
      throw failed("fetched", path, e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  @Override
  public void delete(String path) {
    try {
      Files.deleteIfExists(resolve(path));
    } catch (IOException e) {
      throw failed("deleted", path, e);
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.isRegularFile(resolve(path));
  }

  @Override
  public List<String> list(String directory) {
    Path resolved = resolve(directory);
    if (!Files.isDirectory(resolved)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(resolved)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("listed", directory, e);
    }
  }

  private Path resolve(String path) {
    Path resolved = root.resolve(StoragePaths.checkRelative(path));
    for (Path at = resolved; !at.equals(root); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "path '%s' in deep storage %s leads through the symbolic link %s"
                .formatted(path, root, at));
      }
    }
    return resolved;
  }

  private static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  private static void copyDurably(Path from, Path to) throws IOException {
    Files.copy(from, to);
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes directories one by one, so that each new name can be forced to the disk. */
  private static void makeDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    makeDirectories(directory.getParent());
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; if what it made is no directory, the copy will say so.
      return;
    }
    sync(directory.getParent());
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void checkSame(Path localFile, Path target, String path) throws IOException {
    long difference = Files.mismatch(localFile, target);
    if (difference >= 0) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "deep storage %s already has other bytes under '%s' (they differ from byte %d on); store %s under a name of its own"
              .formatted(root, path, difference, localFile.getFileName()));
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The error that led here says more than a temporary file that stays behind.
      return;
    }
  }

  private StarfireException failed(String what, String path, IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "'%s' cannot be %s in deep storage %s: %s".formatted(path, what, root, IoFailure.reason(e)),
        e);
  }
}
