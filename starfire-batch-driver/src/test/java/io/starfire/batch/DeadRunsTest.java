package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadRunsTest {
  @TempDir Path directory;
  private final Configuration configuration = new Configuration(false);
  private final List<String> lines = new ArrayList<>();

  private int delete() {
    return new DeadRuns(configuration, lines::add)
        .delete(List.of(directory.toUri().toString()), "run-", run -> DeadRuns.DEAD_AFTER);
  }

  /** As if nobody had touched it for a while. */
  private static void age(Path path, Duration by) throws IOException {
    FileTime modified = Files.getLastModifiedTime(path);
    Files.setLastModifiedTime(path, FileTime.fromMillis(modified.toMillis() - by.toMillis()));
  }

  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(directory.resolve(name));
    Files.writeString(run.resolve("part-0"), "bytes");
    return run;
  }

  @Test
  void aRunIsDeadWhenItsHeartbeatIsOld() throws IOException {
    Path dead = run("run-dead");
    Path alive = run("run-alive");
    List<String> both = List.of(dead.toUri().toString(), alive.toUri().toString());
    Heartbeat.inDirectories(both, configuration).close();
    age(dead.resolve(Heartbeat.FILE), DeadRuns.DEAD_AFTER.plusMinutes(1));
    age(alive.resolve(Heartbeat.FILE), DeadRuns.DEAD_AFTER.minusMinutes(1));

    assertThat(delete()).isEqualTo(1);

    assertThat(dead).doesNotExist();
    assertThat(alive.resolve("part-0")).exists();
    assertThat(lines).singleElement().asString().contains("run-dead", "died 11 minutes ago");
  }

  @Test
  void aRunThatHasJustMadeItsDirectoryIsAlive() throws IOException {
    Path fresh = run("run-fresh");
    Path old = run("run-old");
    age(old, DeadRuns.DEAD_AFTER.plusMinutes(1));

    assertThat(delete()).isEqualTo(1);

    assertThat(fresh).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void whatIsNoDirectoryOfARunStays() throws IOException {
    Path letters = run("dead-letters");
    Path file = Files.writeString(directory.resolve("run-file"), "bytes");
    age(letters, DeadRuns.DEAD_AFTER.plusMinutes(1));
    age(file, DeadRuns.DEAD_AFTER.plusMinutes(1));

    assertThat(delete()).isZero();

    assertThat(letters).exists();
    assertThat(file).exists();
  }

  @Test
  void thatThereIsNothingIsNoError() {
    assertThat(
            new DeadRuns(configuration, lines::add)
                .delete(
                    List.of(directory.resolve("none").toUri().toString()),
                    "run-",
                    run -> DeadRuns.DEAD_AFTER))
        .isZero();
    assertThat(lines).isEmpty();
  }
}
