package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.kernel.StageState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the states that are on the disk a task begins with. */
final class RocksCheckpointsTest {
  private static final String LOG = "topic 'a-log' with id X, partition 0";

  @TempDir private Path directory;

  private RocksCheckpoints checkpoints;

  /** A log in which each record adds one entry; checkpoints at 10, 20, 30. */
  @BeforeEach
  void fold() {
    checkpoints = new RocksCheckpoints(directory, LOG);
    fold(checkpoints, 0, 30);
  }

  private static void fold(RocksCheckpoints checkpoints, int first, int last) {
    try (RocksBuffer buffer = checkpoints.open(0, first).buffer()) {
      for (int at = first; at < last; at++) {
        buffer.put(bytes("k%03d".formatted(at)), bytes("v" + at));
        if ((at + 1) % 10 == 0) {
          checkpoints.add(buffer, StageState.in(buffer), at + 1, bytes("at " + (at + 1)));
        }
      }
      // What comes after the last checkpoint is in no checkpoint.
      buffer.put(bytes("k999"), bytes("later"));
    }
  }

  private void requireOpens(long first, long last, long expected) {
    RocksCheckpoints.Opened opened = checkpoints.open(first, last);
    try (RocksBuffer buffer = opened.buffer()) {
      assertThat(opened.position()).isEqualTo(expected);
      assertThat(buffer.scan(bytes("k"), bytes("l"), 1_000)).hasSize((int) expected);
      assertThat(new String(opened.remembered(), StandardCharsets.UTF_8))
          .isEqualTo(expected == 0 ? "" : "at " + expected);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theNewestThatIsNotAboveWhatIsCommittedIsUsed() {
    requireOpens(0, 30, 30);
    requireOpens(0, 29, 20);
    requireOpens(0, 9, 0);
    requireOpens(0, 1_000, 30);
  }

  @Test
  void oneThatTheLogDoesNotGoOnFromIsNotUsed() {
    requireOpens(30, 1_000, 30);
    requireOpens(31, 1_000, 0);
  }

  @Test
  void whatIsFoldedLaterChangesNoCheckpoint() throws IOException {
    fold(checkpoints, 20, 50);
    requireOpens(0, 30, 30);
    requireOpens(0, 50, 50);
    assertThat(checkpoints.positions()).containsExactly(50L, 40L, 30L);
  }

  @Test
  void thoseOfAnotherLogAreDeleted() throws IOException {
    checkpoints = new RocksCheckpoints(directory, LOG.replace('X', 'Y'));
    requireOpens(0, 30, 0);
    assertThat(checkpoints.positions()).isEmpty();
  }

  @Test
  void oneThatIsDamagedIsDeletedAndTheOneBeforeIsUsed() throws IOException {
    Path newest = directory.resolve("at-0000000000000000030");
    try (Stream<Path> files = Files.list(newest)) {
      for (Path file : files.filter(one -> one.toString().contains("MANIFEST")).toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    requireOpens(0, 30, 20);
    assertThat(checkpoints.positions()).isEqualTo(List.of(20L, 10L));
  }

  @Test
  void oneWithoutAFileIsDeletedAndTheOneBeforeIsUsed() throws IOException {
    Files.delete(directory.resolve("at-0000000000000000030").resolve("CURRENT"));
    requireOpens(0, 30, 20);
    assertThat(checkpoints.positions()).isEqualTo(List.of(20L, 10L));
  }

  @Test
  void oneThatWasNotFinishedIsNone() throws IOException {
    Files.move(directory.resolve("at-0000000000000000030"), directory.resolve("unfinished"));
    requireOpens(0, 30, 20);
    assertThat(directory.resolve("unfinished")).doesNotExist();
  }
}
