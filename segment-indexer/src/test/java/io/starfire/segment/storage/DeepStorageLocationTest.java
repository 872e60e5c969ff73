package io.starfire.segment.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeepStorageLocationTest {
  @TempDir Path directory;

  @Test
  void aPathAndAFileUrlAreTheSameLocalDirectory() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");
    Path root = directory.resolve("deep");
    for (String written : List.of(root.toString(), "file://" + root, "file:" + root)) {
      DeepStorage storage = new DeepStorageLocation(written, Map.of()).open();
      assertThat(storage).isInstanceOf(LocalDeepStorage.class);
      assertThat(storage.push(file, "a/b")).isEqualTo("a/b");
    }
    assertThat(DeepStorageLocation.local(root).open().exists("a/b")).isTrue();
    assertThat(root.resolve("a/b")).hasContent("content");
  }

  @Test
  void aFileSystemThatNothingReachesIsRefusedWithASentence() {
    // This module has no Hadoop on its class path.
    assertThatThrownBy(() -> new DeepStorageLocation("hdfs://host/deep", Map.of()).open())
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("starfire.deep-storage.root is 'hdfs://host/deep'")
        .hasMessageContaining("nothing on the class path reaches a file system of kind 'hdfs'");
  }

  @Test
  void aFileUrlThatIsNoneIsRefusedWithASentence() {
    assertThatThrownBy(() -> new DeepStorageLocation("file:deep", Map.of()).open())
        .hasMessageContaining("starfire.deep-storage.root 'file:deep' is no directory")
        .hasMessageContaining("file:///data/segments");
  }
}
