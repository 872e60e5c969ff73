package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a command posts to a server: the bytes of a file, or of standard input. Stateless. */
final class JsonFile {
  private static final String STANDARD_INPUT = "-";

  private JsonFile() {}

  /**
   * Reads to the end.
   *
   * @param file its path, or {@code -} for standard input
   * @param what it holds, in a word, for errors
   * @throws StarfireException with NOT_FOUND if it cannot be read
   */
  static byte[] read(String file, String what) {
    try {
      return file.equals(STANDARD_INPUT)
          ? System.in.readAllBytes()
          : Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "there is no %s file '%s'; check the path, or give - for standard input"
              .formatted(what, file),
          e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "the %s file '%s' cannot be read (%s)".formatted(what, file, IoFailure.reason(e)),
          e);
    }
  }
}
