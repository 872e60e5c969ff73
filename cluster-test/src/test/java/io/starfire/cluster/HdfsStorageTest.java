package io.starfire.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.DeepStorageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsStorageTest {
  private static HadoopCluster cluster;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    cluster = HadoopCluster.start("storage");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aStoredFileComesBackAndItsNameIsNeverTakenTwice() throws IOException {
    DeepStorage storage = new DeepStorageLocation(cluster.root() + "/deep", Map.of()).open();
    Path file = Files.writeString(directory.resolve("segment"), "content");

    assertThat(storage.exists("ads/1")).isFalse();
    assertThat(storage.push(file, "ads/1")).isEqualTo("ads/1");
    assertThat(storage.push(file, "ads/1")).isEqualTo("ads/1");
    assertThat(storage.exists("ads/1")).isTrue();
    assertThat(storage.exists("ads")).isFalse();
    Files.writeString(file, "contenT");
    assertThatThrownBy(() -> storage.push(file, "ads/1"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("they differ from byte 6 on");

    Path target = directory.resolve("fetched");
    storage.fetch("ads/1", target);
    assertThat(target).hasContent("content");
    storage.delete("ads/1");
    storage.delete("ads/1");
    assertThatThrownBy(() -> storage.fetch("ads/1", target))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(cluster.fileSystem().listStatus(new org.apache.hadoop.fs.Path("/deep/ads")))
        .as("no attempts are left")
        .isEmpty();
  }
}
