package io.starfire.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recognises a full disk among failures: each library reports it in its own words. Stateless. */
public final class DiskFull {
  /** The messages of Linux and macOS, Windows, and HDFS. */
  private static final String[] SENTENCES = {
    "No space left on device",
    "Disk quota exceeded",
    "There is not enough space on the disk",
    "could only be written to 0 of",
    "The DiskSpace quota of"
  };

  private static final int DEEPEST = 50;

  private DiskFull() {}

  /** Whether a full disk is among the causes of a failure, at any depth. */
  public static boolean isCauseOf(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause.getMessage() != null && saysFull(cause.getMessage())) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean saysFull(String message) {
    for (String sentence : SENTENCES) {
      if (message.contains(sentence)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The error to show.
   *
   * @param what could not be written, such as {@code the metadata store}
   * @param path its place
   */
  public static StarfireException at(String what, Path path, Throwable cause) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "disk full: %s at %s cannot be written%s; make room there and start again"
            .formatted(what, path, free(path)),
        cause);
  }

  private static String free(Path path) {
    try {
      Path existing = path.toAbsolutePath();
      while (existing != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      return existing == null
          ? ""
          : " (%,d bytes are free)".formatted(Files.getFileStore(existing).getUsableSpace());
    } catch (IOException e) {
      return "";
    }
  }
}
