package io.starfire.archiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicStart;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchivePruningTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY = Times.parse("2026-11-20");
  private static final TopicStart TOPIC = new TopicStart("clicks", "Ab", DAY, Map.of(0, 100L));

  @TempDir Path directory;

  /** One file an hour, of ten rows, from midnight on. */
  private ArchiveFiles archive(String name, int hours, long untimedInHour) throws IOException {
    ArchiveFiles files = ArchiveFiles.of(directory.resolve(name).toString(), Map.of());
    Manifest manifest = new Manifest(files);
    manifest.begin(TOPIC);
    for (int hour = 0; hour < hours; hour++) {
      long startMillis = DAY + hour * HOUR_MILLIS;
      long start = 100 + hour * 10L;
      String data =
          ArchiveLayout.dataFile(
              "clicks", "Ab", startMillis, 0, new OffsetRange(start, start + 10));
      files.write("x.tmp", "data".getBytes(UTF_8));
      files.publish("x.tmp", data);
      long untimed = hour == untimedInHour ? 1 : 0;
      manifest.add(
          new ManifestEntry(
              "clicks",
              "Ab",
              0,
              start,
              start + 10,
              data,
              10,
              Map.of(Times.format(startMillis), 10 - untimed),
              untimed,
              startMillis,
              startMillis + HOUR_MILLIS - 1,
              startMillis,
              startMillis + HOUR_MILLIS));
    }
    return files;
  }

  private static ArchivePruning pruning(ArchiveFiles files, String before) {
    return new ArchivePruning(
        files, StarfireConfig.fromMap(Map.of()), Times.parse(before), DAY + 24 * HOUR_MILLIS);
  }

  private static List<Long> listedStarts(ArchiveFiles files) throws IOException {
    return new ArchiveManifest(files)
        .entries(TOPIC, 0, false).stream().map(ManifestEntry::startOffset).toList();
  }

  @Test
  void filesWithNothingFromTheTimeOnAreDeletedAndTheDeletionIsRecorded() throws IOException {
    ArchiveFiles files = archive("a", 5, 1);
    // What crashes have left; the second one may still be written.
    String data = ArchiveLayout.dataDirectory("clicks", "Ab");
    files.write(data + "/0-00000000000000000110-x.tmp", new byte[1]);
    files.write(data + "/0-00000000000000000130-x.tmp", new byte[1]);

    assertThat(pruning(files, "2026-11-20T03:30Z").prune())
        .isEqualTo(new ArchivePruning.Report(3, 30));

    assertThat(listedStarts(files)).containsExactly(130L, 140L);
    assertThat(files.list(ArchiveLayout.dataDirectory("clicks", "Ab")))
        .containsExactly("0-00000000000000000130-x.tmp", "2026-11-20T03", "2026-11-20T04");
    Pruning recorded = new ArchiveManifest(files).pruning(TOPIC, 0).orElseThrow();
    assertThat(recorded)
        .isEqualTo(
            new Pruning(
                "clicks",
                "Ab",
                0,
                130,
                Times.parse("2026-11-20T03"),
                Times.parse("2026-11-20T02") + 1,
                DAY + 24 * HOUR_MILLIS));
    Interval touched = Interval.parse("2026-11-20T02/PT1H");
    Interval free = Interval.parse("2026-11-20T03/PT1H");
    assertThat(recorded.touches(touched, free)).isTrue();
    assertThat(recorded.touches(free, free)).isFalse();
  }

  @Test
  void theLastFileStaysAndALaterPruningRemembersWhatAnEarlierOneDeleted() throws IOException {
    ArchiveFiles files = archive("b", 4, -1);
    pruning(files, "2026-11-20T02").prune();

    assertThat(pruning(files, "2026-11-20T23").prune().files()).isEqualTo(1);

    assertThat(listedStarts(files)).containsExactly(130L);
    assertThat(files.list(ArchiveLayout.pruningDirectory("clicks", "Ab", 0)))
        .containsExactly("00000000000000000130.json");
    assertThat(pruning(files, "2026-11-20T23").prune().files()).isZero();
  }

  @Test
  void aPruningThatDiesAtAnyStepLeavesAnArchiveThatIsReadAndPrunedOn() throws IOException {
    for (int steps = 0; ; steps++) {
      ArchiveFiles files = archive("c" + steps, 5, 1);
      CrashingFiles crashing = new CrashingFiles(files, steps);
      try {
        pruning(crashing, "2026-11-20T04").prune();
        assertThat(steps).as("steps of a pruning").isGreaterThan(8);
        return;
      } catch (IOException e) {
        assertThat(e).hasMessage("crashed on purpose");
      }
      boolean recorded = new ArchiveManifest(files).pruning(TOPIC, 0).isPresent();
      assertThat(listedStarts(files))
          .isEqualTo(recorded ? List.of(140L) : List.of(100L, 110L, 120L, 130L, 140L));
      pruning(files, "2026-11-20T04").prune();
      assertThat(new ArchiveManifest(files).entryStarts(TOPIC, 0)).containsExactly(140L);
      assertThat(new ArchiveManifest(files).listed(TOPIC, 0)).isEqualTo(new OffsetRange(100, 150));
      try (var left = Files.walk(directory.resolve("c" + steps).resolve("data"))) {
        assertThat(left.filter(Files::isRegularFile).toList()).hasSize(1);
      }
    }
  }

  @Test
  void aTimeInTheFutureIsRefused() {
    StarfireConfig config =
        StarfireConfig.fromMap(Map.of("starfire.archive.root", directory.toString()));
    assertThatThrownBy(
            () ->
                ArchivePruning.prune(
                    config, DAY + 1, InstantSource.fixed(Instant.ofEpochMilli(DAY))))
        .hasMessageStartingWith("--before must not be in the future");
  }
}
