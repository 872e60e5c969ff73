package io.starfire.segment.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDeepStorageTest {
  @TempDir Path directory;
  private Path local;
  private LocalDeepStorage storage;

  @BeforeEach
  void open() throws IOException {
    storage = new LocalDeepStorage(directory.resolve("deep"));
    local = Files.writeString(directory.resolve("local"), "contents");
  }

  @Test
  void whatIsPushedCanBeFetchedAndDeleted() throws IOException {
    String path = storage.push(local, "events/2026/a.segment");
    assertThat(path).isEqualTo("events/2026/a.segment");
    assertThat(storage.exists(path)).isTrue();
    Path target = directory.resolve("fetched");
    storage.fetch(path, target);
    assertThat(target).hasContent("contents");
    storage.delete(path);
    storage.delete(path);
    assertThat(storage.exists(path)).isFalse();
    assertThatThrownBy(() -> storage.fetch(path, target))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("has no file 'events/2026/a.segment'");
  }

  @Test
  void theSameBytesMayBePushedAgainButOthersAreRefused() throws IOException {
    storage.push(local, "a");
    storage.push(local, "a");
    Files.writeString(local, "contENTS");
    assertThatThrownBy(() -> storage.push(local, "a"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("they differ from byte 4 on");
    assertThat(directory.resolve("deep/a")).hasContent("contents");
    try (var files = Files.list(directory.resolve("deep"))) {
      assertThat(files).containsExactly(directory.resolve("deep").toRealPath().resolve("a"));
    }
  }

  @Test
  void whyAFileCannotBeStoredIsSaidInWords() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> storage.push(missing, "b"))
        .hasMessage("'b' cannot be stored in deep storage %s: no such file", storage.root());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".", "a\\b", "a\u0000"})
  void pathsThatLeaveTheRootAreRefused(String path) {
    assertThatThrownBy(() -> storage.push(local, path))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    assertThatThrownBy(() -> storage.delete(path)).isInstanceOf(StarfireException.class);
  }

  @Test
  void aSymbolicLinkIsNotFollowedOutOfTheRoot() throws IOException {
    Files.createSymbolicLink(directory.resolve("deep/out"), directory);
    assertThatThrownBy(() -> storage.fetch("out/local", directory.resolve("x")))
        .hasMessageContaining("symbolic link");
  }
}
