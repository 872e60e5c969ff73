package io.starfire.cli.demo;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two demonstrations out of one directory. Held until closed, or the process ends. */
final class DirectoryLock implements AutoCloseable {
  private static final String NAME = ".starfire-demo.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the directory if need be and locks it.
   *
   * @throws StarfireException with CONFLICT if another demonstration runs in it
   */
  static DirectoryLock take(Path directory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // the other demonstration is in this very process; it is reported like any other
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the directory '%s' cannot be used (%s); name another with --dir".formatted(directory, e),
          e);
    }
    closeQuietly(channel);
    throw new StarfireException(
        ErrorCode.CONFLICT,
        "another demonstration runs in '%s'; stop it, or name another directory with --dir"
            .formatted(directory));
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // the lock goes with the process at the latest
    }
  }
}
