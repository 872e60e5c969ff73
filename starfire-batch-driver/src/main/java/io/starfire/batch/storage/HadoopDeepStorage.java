package io.starfire.batch.storage;

import io.starfire.batch.input.HadoopFaults;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.StoragePaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Deep storage on a file system that Hadoop reaches. A file is written under the name of an attempt
 * ({@code .<name>.<uuid>.tmp}), forced to the disks of the DataNodes, and then renamed, which on
 * HDFS never replaces a file. What a crash leaves is an attempt that nobody reads. Thread-safe.
 *
 * <p>The file system is Hadoop's own shared instance and is not closed.
 */
public final class HadoopDeepStorage implements DeepStorage {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileSystem files;
  private final Path root;

  private HadoopDeepStorage(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Opens deep storage. The root need not exist; that the file system answers is checked.
   *
   * @throws StarfireException with UNAVAILABLE if it does not
   */
  public static HadoopDeepStorage open(String root, Configuration configuration) {
    try {
      Path path = new Path(root);
      FileSystem files = path.getFileSystem(configuration);
      boolean unused = files.exists(path);
      return new HadoopDeepStorage(files, files.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw HadoopFaults.find("deep storage %s cannot be used".formatted(root), e)
          .orElseGet(
              () ->
                  new StarfireException(
                      ErrorCode.UNAVAILABLE,
                      "deep storage %s cannot be used: %s; correct starfire.deep-storage.root"
                          .formatted(root, HadoopFaults.firstLine(e)),
                      e));
    }
  }

  @Override
  public String root() {
    return root.toString();
  }

  @Override
  public String push(java.nio.file.Path localFile, String relativePath) {
    Path target = resolve(relativePath);
    Path attempt = new Path(target.getParent(), attemptName(target.getName()));
    try {
      try {
        write(localFile, attempt);
        if (!rename(attempt, target)) {
          checkSame(localFile, target, relativePath);
        }
      } finally {
        deleteQuietly(attempt);
      }
    } catch (IOException e) {
      throw failed("stored", relativePath, e);
    }
    return relativePath;
  }

  private void write(java.nio.file.Path localFile, Path attempt) throws IOException {
    try (InputStream in = Files.newInputStream(localFile);
        FSDataOutputStream out = files.create(attempt, false)) {
      in.transferTo(out);
      out.hsync();
    }
  }

  /** False if the name is taken. */
  private boolean rename(Path attempt, Path target) throws IOException {
    try {
      if (files.rename(attempt, target)) {
        return true;
      }
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    if (!files.exists(target)) {
      throw new IOException("%s could not be renamed to %s".formatted(attempt, target));
    }
    return false;
  }

  @Override
  public void fetch(String path, java.nio.file.Path target) {
    Path stored = resolve(path);
    java.nio.file.Path temporary = target.resolveSibling(attemptName(target.getFileName()));
    try {
      try (InputStream in = files.open(stored);
          FileChannel out =
              FileChannel.open(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        in.transferTo(Channels.newOutputStream(out));
        out.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileNotFoundException e) {
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
      boolean unused = files.delete(resolve(path), false);
    } catch (IOException e) {
      throw failed("deleted", path, e);
    }
  }

  @Override
  public boolean exists(String path) {
    try {
      return files.getFileStatus(resolve(path)).isFile();
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw failed("looked for", path, e);
    }
  }

  @Override
  public List<String> list(String directory) {
    try {
      return Stream.of(files.listStatus(resolve(directory)))
          .filter(FileStatus::isFile)
          .map(file -> file.getPath().getName())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("listed", directory, e);
    }
  }

  private Path resolve(String path) {
    return new Path(root, StoragePaths.checkRelative(path));
  }

  private static String attemptName(Object name) {
    return "." + name + "." + UUID.randomUUID() + ".tmp";
  }

  private void checkSame(java.nio.file.Path localFile, Path target, String path)
      throws IOException {
    long position = 0;
    try (InputStream local = Files.newInputStream(localFile);
        InputStream stored = files.open(target)) {
      while (true) {
        byte[] expected = local.readNBytes(BUFFER_BYTES);
        byte[] found = stored.readNBytes(BUFFER_BYTES);
        int difference = Arrays.mismatch(expected, found);
        if (difference >= 0) {
          throw new StarfireException(
              ErrorCode.CONFLICT,
              "deep storage %s already has other bytes under '%s' (they differ from byte %d on); store %s under a name of its own"
                  .formatted(root, path, position + difference, localFile.getFileName()));
        }
        if (expected.length == 0) {
          return;
        }
        position += expected.length;
      }
    }
  }

  private void deleteQuietly(Path file) {
    try {
      boolean unused = files.delete(file, false);
    } catch (IOException e) {
      // The error that led here says more than an attempt that stays behind, which nobody reads.
      return;
    }
  }

  private static void deleteQuietly(java.nio.file.Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The error that led here says more than a temporary file that stays behind.
      return;
    }
  }

  private StarfireException failed(String what, String path, IOException e) {
    String where = "'%s' cannot be %s in deep storage %s".formatted(path, what, root);
    return HadoopFaults.find(where, e)
        .orElseGet(
            () ->
                new StarfireException(
                    ErrorCode.UNAVAILABLE, where + ": " + HadoopFaults.firstLine(e), e));
  }
}
