package io.starfire.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDisksTest {
  @TempDir Path directory;

  @Test
  void aFullDiskIsSaidWithItsDirectory() {
    String gone = directory.resolve("run/deleted").toUri().toString();

    Optional<StarfireException> full =
        LocalDisks.full("job 'x' failed", List.of(gone), disk -> 3L << 20);

    assertThat(full).isPresent();
    assertThat(full.get().code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED);
    assertThat(full.get())
        .hasMessageContainingAll("job 'x' failed: the disk of", gone, "is full (3 MB are left)");
  }

  @Test
  void aDiskWithRoomOrOnAClusterIsNotBlamed() {
    List<String> directories = List.of("", "hdfs://namenode/work", directory.toString());
    assertThat(LocalDisks.full("job", directories, disk -> LocalDisks.FULL_BYTES)).isEmpty();
  }
}
