package io.starfire.batch;

import static io.starfire.batch.InputFiles.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.Completeness;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.Pruning;
import io.starfire.archive.TopicRange;
import io.starfire.batch.InputFiles.Archived;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.RunInputs;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.plan.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run takes from an archive, and which archives it refuses. */
final class ArchiveRunTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT3H");
  private static final long COMPLETE = INTERVAL.endMillis() + 24 * 3_600_000;
  private static final String NEW_ID = "BBBBBBBBBBBBBBBBBBBBBB";

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void writeAnArchive() throws IOException {
    archive = directory.resolve("archive");
    InputFiles.archive(archive, "views", 0, 0, records(10));
    InputFiles.archive(archive, "views", 0, 10, records(10));
    InputFiles.archive(archive, "clicks", 0, 0, records(5));
  }

  private static List<Archived> records(int count) {
    List<Archived> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = INTERVAL.startMillis() + i;
      records.add(new Archived("{}", at, at));
    }
    return records;
  }

  private void complete(Map<Integer, OffsetRange> views) throws IOException {
    InputFiles.complete(
        archive, COMPLETE, Map.of("views", views, "clicks", Map.of(0, range(0, 5))));
  }

  private RunInputs find(Interval interval, boolean allowIncomplete) {
    Plan plan =
        Planner.plan(AdPipeline.class.getName(), Thread.currentThread().getContextClassLoader());
    Map<String, String> values = new HashMap<>();
    values.put("starfire.archive.root", archive.toString());
    values.put("starfire.sources.views.topic", "views");
    values.put("starfire.sources.clicks.topic", "clicks");
    return RunInputs.find(
        plan,
        Reach.of(plan, Grants.asked(plan), interval),
        StarfireConfig.fromMap(values),
        allowIncomplete,
        new Configuration());
  }

  private static List<String> files(RunInputs inputs) {
    return inputs.parts().values().stream().flatMap(List::stream).map(InputPart::file).toList();
  }

  @Test
  void whatTheMarkNamesIsReadUpToThePin() throws IOException {
    complete(Map.of(0, range(0, 20)));
    RunInputs inputs = find(INTERVAL, false);
    assertThat(files(inputs)).hasSize(3);
    assertThat(inputs.offsets())
        .isEqualTo(
            Map.of(
                "views", Map.of(InputFiles.TOPIC_ID, Map.of(0, 20L)),
                "clicks", Map.of(InputFiles.TOPIC_ID, Map.of(0, 5L))));
  }

  @Test
  void aPartitionThatWasAddedAndIsNotListedIsMissed() throws IOException {
    complete(Map.of(0, range(0, 20), 1, range(0, 0), 3, range(0, 20)));
    assertThatThrownBy(() -> find(INTERVAL, false))
        .hasMessageContaining("lacks offsets 0 to 19 of topic 'views'")
        .hasMessageContaining("partition 3");
  }

  @Test
  void aMissingFirstEntryIsFound() throws IOException {
    complete(Map.of(0, range(0, 20)));
    Files.delete(archive.resolve(ArchiveLayout.manifestEntry("views", InputFiles.TOPIC_ID, 0, 0)));
    assertThatThrownBy(() -> find(INTERVAL, false))
        .hasMessageContaining("lacks offsets 0 to 19 of topic 'views'")
        .hasMessageContaining("restore the manifest entry that begins at offset 0");
    assertThat(find(INTERVAL, true).offsets().get("views"))
        .isEqualTo(Map.of(InputFiles.TOPIC_ID, Map.of(0, 20L)));
  }

  @Test
  void aRunThatNeedsWhatWasPrunedIsRefusedAndALaterOneIsNot() throws IOException {
    complete(Map.of(0, range(0, 20)));
    long until = INTERVAL.startMillis() + 3_600_000;
    Path pruned = archive.resolve(ArchiveLayout.pruning("views", InputFiles.TOPIC_ID, 0, 10));
    Files.createDirectories(pruned.getParent());
    Files.writeString(
        pruned, new Pruning("views", InputFiles.TOPIC_ID, 0, 10, until, 0, COMPLETE).toJson());
    Files.delete(archive.resolve(ArchiveLayout.manifestEntry("views", InputFiles.TOPIC_ID, 0, 0)));

    assertThatThrownBy(() -> find(INTERVAL, false))
        .hasMessageContaining("was pruned: what lay below offset 10 of topic 'views'")
        .hasMessageContaining("with events up to 2026-11-20T11:00:00.000Z");
    assertThat(find(Interval.parse("2026-11-20T14/PT1H"), false).offsets().get("views"))
        .isEqualTo(Map.of(InputFiles.TOPIC_ID, Map.of(0, 20L)));
  }

  @Test
  void aTopicThatWasCreatedAgainIsReadBesideTheOldOne() throws IOException {
    InputFiles.begin(archive, "views", NEW_ID, Map.of());
    InputFiles.archive(archive, "views", NEW_ID, 0, 0, records(4));
    TopicRange clicks = new TopicRange(InputFiles.TOPIC_ID, Map.of(0, range(0, 5)));
    TopicRange oldViews = new TopicRange(InputFiles.TOPIC_ID, Map.of(0, range(0, 20)));
    TopicRange newViews = new TopicRange(NEW_ID, Map.of(0, range(0, 4)));
    InputFiles.complete(
        archive,
        new Completeness(
            COMPLETE, Map.of("clicks", List.of(clicks), "views", List.of(oldViews, newViews))));

    RunInputs inputs = find(INTERVAL, false);

    assertThat(files(inputs)).hasSize(4);
    assertThat(inputs.offsets().get("views"))
        .isEqualTo(Map.of(InputFiles.TOPIC_ID, Map.of(0, 20L), NEW_ID, Map.of(0, 4L)));
  }

  @Test
  void anArchiveOfAnOlderLayoutIsRefusedWithASentence() throws IOException {
    Files.createDirectories(archive.resolve("manifest/views/0"));
    complete(Map.of(0, range(0, 20)));
    assertThatThrownBy(() -> find(INTERVAL, false))
        .hasMessageContaining("an older version of Starfire wrote it, in layout 1")
        .hasMessageContaining("begin another archive with starfire.archive.root");
  }
}
