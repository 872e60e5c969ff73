package io.starfire.common;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The exclusive use of a directory, by a lock on a file in it. It holds against other processes and
 * inside this one. The operating system releases it when the process dies, so a crash leaves
 * nothing to clean up. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private DirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks a directory. Creates it if it does not exist.
   *
   * @param fileName of the lock; locks for different purposes have different names
   * @param inUse the sentence for the user if the lock is taken: by whom, and what to do
   * @throws StarfireException with CONFLICT and that sentence if the lock is taken
   * @throws IOException if the directory cannot be used
   */
  public static DirectoryLock take(Path directory, String fileName, String inUse)
      throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(fileName);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = tryLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    if (!taken) {
      throw new StarfireException(ErrorCode.CONFLICT, inUse);
    }
    return new DirectoryLock(file, channel);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Releases the lock. The file stays. Does nothing if it is closed already. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the lock %s could not be released: %s".formatted(file, IoFailure.reason(e)),
          e);
    }
  }
}
