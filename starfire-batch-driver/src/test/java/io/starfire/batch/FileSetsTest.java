package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directories of files for other programs, without the jobs that write them. */
class FileSetsTest {
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");
  private static final String PLACE = "ads/2026-11-20T100000.000Z_2026-11-20T110000.000Z";

  @TempDir Path directory;
  private final List<String> told = new ArrayList<>();
  private FileSets sets;

  @BeforeEach
  void make() {
    sets =
        new FileSets(
            StarfireConfig.fromMap(
                Map.of("starfire.files.root", directory.resolve("files").toString())),
            new Configuration(false),
            told::add);
  }

  private static FileSet set(String run, String version) {
    return new FileSet("my.Pipeline", "f", HOUR, version, "publication-of-" + run, run);
  }

  /** What a job has written, in two tasks. */
  private Map<String, String> written(String job, String text) throws IOException {
    Path output = Files.createDirectories(directory.resolve("work/" + job + "-" + text));
    Files.writeString(output.resolve("part-r-00000.jsonl"), text);
    Files.writeString(output.resolve("part-r-00001.jsonl"), text);
    return Map.of(job, output.toUri().toString());
  }

  private List<String> texts(String below) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("files").resolve(below))) {
      List<String> texts = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
        texts.add(Files.readString(file));
      }
      return texts;
    }
  }

  @Test
  void filesOfAnEarlierRunDoNotReplaceThoseOfALaterOne() throws IOException {
    sets.gather("ads", set("run-1", "2026-11-20T12"), written("stage-1", "early"));
    sets.complete("run-1", "one");
    sets.gather("ads", set("run-2", "2026-11-20T13"), written("stage-1", "late"));
    sets.complete("run-2", "two");
    assertThat(sets.waitingIds()).containsExactly("one", "two");

    assertThat(sets.turn("two")).singleElement().extracting(WrittenFiles::files).isEqualTo(2);
    assertThat(sets.turn("one")).isEmpty();

    assertThat(texts(PLACE)).containsExactly("late", "late");
    assertThat(told)
        .singleElement()
        .asString()
        .contains("stay as they are, of version 2026-11-20T13: those of version 2026-11-20T12");
    assertThat(sets.waitingIds()).isEmpty();
    assertThat(sets.turn("one")).as("nothing waits").isEmpty();
  }

  @Test
  void aTurnThatWasBegunIsCompletedAlsoIfTheOldFilesAreAway() throws IOException {
    sets.gather("ads", set("run-1", "2026-11-20T12"), written("stage-1", "early"));
    sets.complete("run-1", "one");
    assertThat(sets.turn("one")).hasSize(1);
    sets.gather("ads", set("run-2", "2026-11-20T13"), written("stage-1", "late"));
    sets.gather("more", set("run-2", "2026-11-20T13"), written("stage-2", "late"));
    sets.complete("run-2", "two");
    sets.completeTurns();
    assertThat(texts(PLACE)).as("nobody has published it").containsExactly("early", "early");
    Path waiting = directory.resolve("files/_waiting/two");
    Files.writeString(waiting.resolve("_turning"), "\n");
    Files.move(directory.resolve("files").resolve(PLACE), waiting.resolve("_before-ads-x"));

    sets.completeTurns();

    assertThat(texts(PLACE)).containsExactly("late", "late");
    assertThat(texts("more")).containsExactly("late", "late");
    assertThat(sets.waitingIds()).isEmpty();
  }

  @Test
  void aResumedRunTakesWhatWasGatheredAndIsRefusedIfItHasGone() throws IOException {
    Map<String, String> written = written("stage-1", "text");
    sets.gather("ads", set("run-1", "2026-11-20T12"), written);
    sets.claim("run-1", "run-2");
    sets.gather("ads", set("run-2", "2026-11-20T13"), written);
    sets.complete("run-2", "two");
    sets.claim("run-2", "run-3");
    assertThat(sets.waitingIds()).isEmpty();
    sets.gather("ads", set("run-3", "2026-11-20T14"), written);
    sets.complete("run-3", "three");
    sets.takeBack("run-3", "three");
    assertThat(texts("_runs/run-3/ads")).containsExactly("text", "text");

    assertThatThrownBy(() -> sets.gather("ads", set("run-4", "2026-11-20T15"), written))
        .hasMessageContaining("has none of the files that its job wrote")
        .hasMessageContaining("start the run without --resume");
  }
}
