package io.starfire.common;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The exclusive right to a directory, held against other processes and against this one, by a lock
 * on a file in it. The operating system gives it back when the process dies, so that a crash leaves
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
   * Makes the directory if there is none, and takes it.
   *
   * @param fileName of the lock; who locks the same directory for another purpose names another
   * @param inUse the sentence for the user if somebody has it: who that is, and what to do
   * @throws StarfireException with CONFLICT and that sentence
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

  /** Gives the directory back; the file stays. Closing twice is harmless. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the lock %s could not be released: %s".formatted(file, e), e);
    }
  }
}
