package io.starfire.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path temporary;

  @Test
  void aDirectoryIsMadeAndHeldByOneUntilItIsGivenBack() throws IOException {
    Path directory = temporary.resolve("a/b");
    DirectoryLock first = DirectoryLock.take(directory, "x.lock", "somebody has it");
    assertThatThrownBy(() -> DirectoryLock.take(directory, "x.lock", "somebody has it"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessage("somebody has it");
    first.close();
    first.close();
    DirectoryLock.take(directory, "x.lock", "somebody has it").close();
    assertThat(directory.resolve("x.lock")).exists();
  }

  @Test
  void locksOfOtherNamesDoNotMind() throws IOException {
    try (DirectoryLock one = DirectoryLock.take(temporary, "x.lock", "x");
        DirectoryLock other = DirectoryLock.take(temporary, "y.lock", "y")) {
      assertThat(one).isNotSameAs(other);
    }
  }

  @Test
  void whatCannotBeADirectoryIsLeftToTheCallersSentence() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DirectoryLock.take(file, "x.lock", "x"))
        .isInstanceOf(IOException.class);
  }
}
