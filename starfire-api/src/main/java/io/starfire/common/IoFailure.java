package io.starfire.common;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Says why a file could not be read or written, in words: the messages of Java's own exceptions are
 * often a path alone, and their class is what says the reason. Stateless.
 */
public final class IoFailure {
  private IoFailure() {}

  /**
   * The reason, to put behind a colon in a sentence that names the file: {@code no such file},
   * {@code permission denied}, {@code disk full}, or else the message.
   */
  public static String reason(Throwable failure) {
    if (DiskFull.isCauseOf(failure)) {
      return "disk full; make room there";
    }
    if (failure instanceof UncheckedIOException && failure.getCause() != null) {
      return reason(failure.getCause());
    }
    String known = known(failure);
    if (known != null) {
      return known;
    }
    String message =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return message == null || message.isBlank() ? "the system does not say why" : message;
  }

  private static String known(Throwable failure) {
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return isDenied(failure) ? "permission denied" : "no such file";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file of that name exists already";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (failure instanceof EOFException) {
      return "it ends too early";
    }
    return failure instanceof ClosedChannelException ? "it was closed meanwhile" : null;
  }

  /** Java's older classes throw one exception for all reasons, and put the reason in brackets. */
  private static boolean isDenied(Throwable failure) {
    return failure.getMessage() != null && failure.getMessage().contains("Permission denied");
  }
}
