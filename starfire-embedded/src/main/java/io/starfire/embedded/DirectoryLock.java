package io.starfire.embedded;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The exclusive right to a directory, held against other processes and against this one. The
 * operating system gives it back when the process dies, so a crash leaves nothing to clean up.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String FILE_NAME = "starfire.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws StarfireException with CONFLICT if another broker holds the directory
   */
  static DirectoryLock take(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      FileLock lock = channel.tryLock();
      taken = lock != null;
    } catch (OverlappingFileLockException e) {
      throw inUse(directory, e);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    if (!taken) {
      throw inUse(directory, null);
    }
    return new DirectoryLock(channel);
  }

  private static StarfireException inUse(Path directory, Throwable cause) {
    return new StarfireException(
        ErrorCode.CONFLICT,
        "the Kafka directory %s is in use by another embedded broker; stop that one or choose another directory"
            .formatted(directory),
        cause);
  }

  /** Closing the channel releases the lock. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
