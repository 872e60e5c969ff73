package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for a run whose data nobody asked to keep. */
final class TemporaryDirectory {
  private TemporaryDirectory() {}

  static Path make() {
    try {
      return Files.createTempDirectory("starfire-demo-");
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "no temporary directory can be made (%s); name one with --dir"
              .formatted(IoFailure.reason(e)),
          e);
    }
  }

  /** Deletes it with all that is in it; says so if that cannot be done. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println(
          "starfire: '%s' could not be deleted (%s)".formatted(directory, IoFailure.reason(e)));
    }
  }
}
