package io.starfire.batch.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir Path parent;
  private final List<String> lines = new ArrayList<>();

  @Test
  void theNextRunDeletesWhatADeadOneLeftAndNothingElse() throws IOException {
    TemporaryDirectory alive = TemporaryDirectory.make(parent);
    Path dead = Files.createDirectory(parent.resolve("starfire-index-1"));
    Files.writeString(dead.resolve("lock"), "");
    Files.writeString(dead.resolve("spill-0"), "rows");
    Path fresh = Files.createDirectory(parent.resolve("starfire-index-2"));
    Path other = Files.createDirectory(parent.resolve("other"));
    Files.writeString(other.resolve("lock"), "");

    assertThat(TemporaryDirectory.deleteDead(parent, lines::add)).isEqualTo(1);

    assertThat(dead).doesNotExist();
    assertThat(alive.path()).exists();
    assertThat(fresh).exists();
    assertThat(other).exists();
    assertThat(lines).singleElement().asString().contains("starfire-index-1");
    alive.delete(lines::add);
    assertThat(alive.path()).doesNotExist();
  }
}
