package io.starfire.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoFailureTest {
  @TempDir Path directory;

  private interface Action {
    void run() throws IOException;
  }

  private static String reason(Action action) {
    try {
      action.run();
      return "it works";
    } catch (IOException | UncheckedIOException e) {
      return IoFailure.reason(e);
    }
  }

  @Test
  void whatJavaSaysByTheNameOfAClassIsSaidInWords() throws IOException {
    Path missing = directory.resolve("missing");
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(reason(() -> Files.size(missing))).isEqualTo("no such file");
    assertThat(reason(() -> new FileInputStream(missing.toFile()).close()))
        .isEqualTo("no such file");
    assertThat(reason(() -> Files.createDirectory(file)))
        .isEqualTo("a file of that name exists already");
    assertThat(reason(() -> Files.delete(directory))).isEqualTo("the directory is not empty");
    assertThat(reason(() -> Files.createFile(file.resolve("below")))).isEqualTo("Not a directory");
    assertThat(IoFailure.reason(new NotDirectoryException("/f"))).isEqualTo("not a directory");
    assertThat(IoFailure.reason(new AccessDeniedException("/f"))).isEqualTo("permission denied");
    assertThat(IoFailure.reason(new ClosedChannelException())).isEqualTo("it was closed meanwhile");
  }

  @Test
  void aFullDiskIsFoundBelowOtherFailures() {
    IOException full = new FileSystemException("/f", null, "No space left on device");

    assertThat(IoFailure.reason(new IOException("a spill failed", full)))
        .isEqualTo("disk full; make room there");
    assertThat(IoFailure.reason(new UncheckedIOException(new IOException("No such device"))))
        .isEqualTo("No such device");
  }
}
