package io.starfire.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageTest {
  private static final List<String> NAMES =
      List.of(
          "[a].json",
          "a b.json",
          "a%20b.json",
          "a,b.json",
          "a?b.json",
          "a#b.json",
          "aXb.json",
          "a{x,y}.json",
          "a\\b.json",
          "ä–日本.json");

  @TempDir Path directory;

  @BeforeEach
  void writeFiles() throws IOException {
    for (String name : NAMES) {
      Files.writeString(directory.resolve(name), "{}");
    }
  }

  private List<String> files(String path) {
    return Storage.of(path, new Configuration()).files(path).stream()
        .map(file -> file.getPath().getName())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a].json",
        "a b.json",
        "a%20b.json",
        "a,b.json",
        "a?b.json",
        "a#b.json",
        "a{x,y}.json",
        "ä–日本.json"
      })
  void aPathThatExistsIsTakenAsItIs(String name) {
    assertThat(files(directory + "/" + name)).containsExactly(name);
    assertThat(files("file://" + directory + "/" + name)).containsExactly(name);
  }

  @Test
  void anotherOneIsAPattern() {
    assertThat(files(directory + "/a[%X]*b.json")).containsExactly("a%20b.json", "aXb.json");
    assertThat(files(directory + "/{aXb,none}.json")).containsExactly("aXb.json");
    assertThat(files(directory + "/none.json")).isEmpty();
  }
}
