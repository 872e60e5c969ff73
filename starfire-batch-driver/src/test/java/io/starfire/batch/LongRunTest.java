package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.batch.InputFiles.Archived;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run over much input needs: tiles, going on after a failure, a look before it begins. */
class LongRunTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT3H");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
  private static final Map<String, String> NAMES = Map.of("a", "Anna", "b", "Bert", "c", "Carl");
  private static final long SEED = Long.getLong("starfire.seed", 20261129L);

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private AdEvents events;

  @BeforeEach
  void start() throws IOException {
    System.out.println("seed " + SEED);
    coordinator = new FakeCoordinator();
    events = AdEvents.random(SEED, INTERVAL, 200);
    Files.writeString(directory.resolve("advertisers.csv"), "id,name\na,Anna\nb,Bert\nc,Carl\n");
  }

  @AfterEach
  void stop() {
    FailingAds.FAILS.set(false);
    coordinator.close();
  }

  private void write(String... more) throws IOException {
    List<String> views = new ArrayList<>(events.views().stream().map(InputFiles::json).toList());
    views.addAll(List.of(more));
    InputFiles.lines(directory.resolve("views.json"), views);
    InputFiles.lines(
        directory.resolve("clicks.json"), events.clicks().stream().map(InputFiles::json).toList());
  }

  private BatchOptions options(Class<?> pipeline, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>();
    all.put("starfire.batch.work-dir", directory.resolve("work").toString());
    all.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    all.put("starfire.server.coordinator-url", coordinator.url());
    all.put("starfire.lookups.advertisers.file", directory.resolve("advertisers.csv").toString());
    all.put("starfire.sources.views.batch.paths", directory + "/views.json");
    all.put("starfire.sources.clicks.batch.paths", directory + "/clicks.json");
    all.putAll(more);
    return BatchOptions.of(pipeline.getName(), INTERVAL, StarfireConfig.fromMap(all));
  }

  private BatchReport run(BatchOptions options) {
    return BatchRun.run(options, progress::add, CLOCK);
  }

  private List<Path> directoriesOfRuns() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String parent : List.of("work", "deep")) {
      if (Files.exists(directory.resolve(parent))) {
        try (Stream<Path> children = Files.list(directory.resolve(parent))) {
          found.addAll(
              children.filter(child -> child.getFileName().toString().contains("run-")).toList());
        }
      }
    }
    return found;
  }

  private static Map<String, Map<String, Long>> inside(BatchReport report) {
    Map<String, Map<String, Long>> inside = new TreeMap<>();
    report
        .outcomes()
        .forEach(
            (operator, counts) -> {
              Map<String, Long> kept = new TreeMap<>(counts);
              kept.remove("MARGIN");
              inside.put(operator, kept);
            });
    return inside;
  }

  @Test
  void tilesBecomeOnePublicationWithTheRowsAndOutcomesOfOneRun() throws IOException {
    write("no json");
    BatchReport whole = run(options(AdPipeline.class, Map.of()));
    progress.clear();
    List<String> between = new CopyOnWriteArrayList<>();

    BatchReport tiled =
        BatchRun.run(
            options(AdPipeline.class, Map.of("starfire.batch.parallel-jobs", "2")).withTile("PT1H"),
            line -> {
              progress.add(line);
              if (line.startsWith("tile ")) {
                String tile = "tile-" + line.charAt(5);
                between.addAll(betweenJobs().filter(path -> path.contains(tile)).toList());
              }
            },
            CLOCK);

    assertThat(coordinator.publications).hasSize(2);
    PublicationRequest published = coordinator.publications.get(1);
    assertThat(published.intervals()).containsExactly(INTERVAL);
    assertThat(StoredRows.read(directory.resolve("deep"), published.segments()))
        .isEqualTo(events.expected(INTERVAL, NAMES));
    assertThat(inside(tiled)).isEqualTo(inside(whole));
    assertThat(tiled.outcomes().get("views")).containsEntry("UNDECODABLE", 1L);
    assertThat(progress)
        .anyMatch(line -> line.startsWith("tile 3 of 3, 2026-11-20T12:00:00.000Z/"))
        .anyMatch(line -> line.startsWith("the files of clicks, views are read again for each"));
    assertThat(between).isEmpty();
    assertThat(directoriesOfRuns()).isEmpty();
  }

  private Stream<String> betweenJobs() {
    try (Stream<Path> files = Files.walk(directory.resolve("work"))) {
      return files
          .map(Path::toString)
          .filter(path -> path.contains("/edge-") || path.contains("/rows-"))
          .toList()
          .stream();
    } catch (IOException | java.io.UncheckedIOException e) {
      // Another job makes or deletes files meanwhile.
      return Stream.of();
    }
  }

  @Test
  void aTileIsMadeOfWholeSegmentBuckets() throws IOException {
    write();
    BatchOptions options = options(AdPipeline.class, Map.of());

    assertThatThrownBy(() -> run(options.withTile("PT90M")))
        .hasMessageContaining("--tile PT90M: interval")
        .hasMessageContaining("not made of whole segment buckets of data source 'ads'");
    assertThatThrownBy(() -> run(options.withTile("PT0S"))).hasMessageContaining("does not cut");
    assertThat(coordinator.requests).isEmpty();
  }

  @Test
  void aRunThatFailedInALaterJobGoesOnWithWhatIsDone() throws IOException {
    write();
    BatchReport whole = run(options(FailingAds.class, Map.of()));
    FailingAds.FAILS.set(true);
    BatchOptions options = options(FailingAds.class, Map.of());
    assertThatThrownBy(() -> run(options)).hasMessageContaining("the disk of a lookup is away");
    assertThat(progress).anyMatch(line -> line.startsWith("the jobs that are done are kept for"));
    assertThat(directoriesOfRuns()).isNotEmpty();
    FailingAds.FAILS.set(false);

    assertThatThrownBy(() -> run(options.withTile("PT1H").resumed()))
        .hasMessageContaining("cannot be resumed: it had no tiles and now there is tiles of PT1H");
    Map<String, String> other = Map.of("starfire.batch.target-rows-per-segment", "20");
    assertThatThrownBy(() -> run(options(FailingAds.class, other).resumed()))
        .hasMessageContaining(
            "starfire.batch.target-rows-per-segment was 5000000 and now is \"20\"");
    assertThatThrownBy(() -> run(options(AdPipeline.class, Map.of()).resumed()))
        .hasMessageContaining("has others (io.starfire.batch.FailingAds over");
    progress.clear();
    BatchReport resumed = run(options.resumed());

    assertThat(progress)
        .anyMatch(line -> line.startsWith("going on with the run that was in "))
        .anyMatch(line -> line.equals("views-deduplicated: done by an earlier run"));
    assertThat(resumed.outcomes()).isEqualTo(whole.outcomes());
    assertThat(resumed.publication().dataSources().get(0).events())
        .isEqualTo(whole.publication().dataSources().get(0).events());
    assertThat(directoriesOfRuns()).isEmpty();
    assertThatThrownBy(() -> run(options.resumed()))
        .hasMessageContaining("has no run that failed after a job was done");
  }

  @Test
  void inputThatHasChangedIsNotMixedWithWhatIsDone() throws IOException {
    write();
    FailingAds.FAILS.set(true);
    BatchOptions options = options(FailingAds.class, Map.of()).withTile("PT1H");
    assertThatThrownBy(() -> run(options)).isInstanceOf(StarfireException.class);
    FailingAds.FAILS.set(false);
    write("one more line");

    assertThatThrownBy(() -> run(options.resumed()))
        .hasMessageContaining("cannot be resumed: the files of source 'views' have changed");

    List<String> lines = new ArrayList<>();
    Cleaning.clean(options.config(), Map.of(), false, false, lines::add);
    assertThat(lines).anyMatch(line -> line.contains("can be resumed: the same command"));
    assertThat(directoriesOfRuns()).isNotEmpty();
    Cleaning.clean(options.config(), Map.of(), false, true, lines::add);
    assertThat(lines).contains("1 runs that could be resumed deleted");
    assertThat(directoriesOfRuns()).isEmpty();
  }

  @Test
  void anArchiveThatHasGrownIsReadAsFarAsTheRunThatFailedHadReadIt() throws IOException {
    Path archive = directory.resolve("archive");
    long complete = INTERVAL.endMillis() + 36_000_000;
    List<Archived> views = new ArrayList<>();
    events.views().forEach(view -> views.add(archived(InputFiles.json(view), view.at())));
    List<Archived> clicks = new ArrayList<>();
    events.clicks().forEach(click -> clicks.add(archived(InputFiles.json(click), click.at())));
    InputFiles.archive(archive, "views", 0, 0, views);
    InputFiles.archive(archive, "clicks", 0, 0, clicks);
    complete(archive, complete, views.size(), clicks.size());
    BatchOptions options = archiveOptions(archive);
    BatchReport whole = run(options);
    FailingAds.FAILS.set(true);
    assertThatThrownBy(() -> run(options)).hasMessageContaining("the disk of a lookup is away");
    FailingAds.FAILS.set(false);

    Instant at = Instant.ofEpochMilli(INTERVAL.startMillis());
    Archived more = archived(InputFiles.json(new View("late", at, "a", 1)), at);
    InputFiles.archive(archive, "views", 0, views.size(), List.of(more));
    InputFiles.archive(archive, "views", 1, 0, List.of(more));
    complete(archive, complete + 1, views.size() + 1, clicks.size());
    BatchReport resumed = run(options.resumed());

    assertThat(resumed.outcomes()).isEqualTo(whole.outcomes());
    assertThat(coordinator.publications.get(1).pin())
        .isEqualTo(coordinator.publications.get(0).pin());
    BatchReport anew = run(options);
    assertThat(anew.publication().dataSources().get(0).events())
        .isEqualTo(whole.publication().dataSources().get(0).events() + 1);
  }

  /** It has arrived when it happened. */
  private static Archived archived(String json, Instant at) {
    return new Archived(json, at.toEpochMilli(), at.toEpochMilli());
  }

  private static void complete(Path archive, long upToMillis, long views, long clicks)
      throws IOException {
    InputFiles.complete(
        archive,
        upToMillis,
        Map.of(
            "views", Map.of(0, InputFiles.range(0, views)),
            "clicks", Map.of(0, InputFiles.range(0, clicks))));
  }

  private BatchOptions archiveOptions(Path archive) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "starfire.batch.work-dir", directory.resolve("work").toString(),
                "starfire.deep-storage.root", directory.resolve("deep").toString(),
                "starfire.server.coordinator-url", coordinator.url(),
                "starfire.archive.root", archive.toString(),
                "starfire.sources.views.topic", "views",
                "starfire.sources.clicks.topic", "clicks"));
    return BatchOptions.of(FailingAds.class.getName(), INTERVAL, StarfireConfig.fromMap(all));
  }

  @Test
  void aTileThatIsDoneIsNotComputedAgain() throws IOException {
    Instant late = Instant.ofEpochMilli(INTERVAL.endMillis()).minusSeconds(60);
    write();
    BatchReport whole = run(options(FailingAds.class, Map.of()));
    BatchOptions options = options(FailingAds.class, Map.of()).withTile("PT1H");
    assertThatThrownBy(
            () ->
                BatchRun.run(
                    options,
                    line -> {
                      progress.add(line);
                      FailingAds.FAILS.compareAndSet(false, line.startsWith("tile 2 of 3"));
                    },
                    CLOCK))
        .as("up to %s", late)
        .hasMessageContaining("the disk of a lookup is away");
    FailingAds.FAILS.set(false);
    progress.clear();

    BatchReport resumed = run(options.resumed());

    assertThat(progress)
        .filteredOn(line -> line.startsWith("tile ") && line.endsWith("done by an earlier run"))
        .hasSize(2);
    assertThat(inside(resumed)).isEqualTo(inside(whole));
    assertThat(resumed.publication().dataSources().get(0).events())
        .isEqualTo(whole.publication().dataSources().get(0).events());
  }

  @Test
  void aDryRunSaysWhatWouldBeDoneAndTouchesNothing() throws IOException {
    write();

    List<String> lines = DryRun.lines(options(AdPipeline.class, Map.of()).withTile("PT1H"), CLOCK);

    assertThat(String.join("\n", lines))
        .contains("nothing is run, written or published")
        .contains("  clicks: events of 2026-11-20T10:00:00.000Z/2026-11-20T13:10:00.000Z, 1 files")
        .contains("views.json, ")
        .contains("jobs of each of 3 tiles")
        .containsPattern("  views-deduplicated: shuffles about [1-9][0-9,]+ bytes")
        .containsPattern("  clicked: shuffles about [1-9][0-9,]+ bytes")
        .containsPattern("  index ads: sorts about [1-9][0-9,]* rows")
        .contains("  ads: 3 buckets (hour), all of them replaced");
    assertThat(coordinator.requests).isEmpty();
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("views.json", "clicks.json", "advertisers.csv");
  }

  @Test
  void aKeyWithHalfOfAllEventsIsJoinedAsAnyOther() throws IOException {
    Instant start = Instant.ofEpochMilli(INTERVAL.startMillis());
    for (int i = 0; i < 2_000; i++) {
      events.views().add(new View("hot", start.plusSeconds(5L * i), "a", i % 8));
      if (i % 40 == 0) {
        events.clicks().add(new Click("hot", start.plusSeconds(5L * i + 1)));
      }
    }
    write();

    BatchReport report = run(options(AdPipeline.class, Map.of()));

    assertThat(report.publication().dataSources().get(0).events()).isGreaterThan(2_000);
    assertThat(
            StoredRows.read(directory.resolve("deep"), coordinator.publications.get(0).segments()))
        .isEqualTo(events.expected(INTERVAL, NAMES));
  }

  @Test
  void aSumIsAddedUpBeforeItIsSentAndCountedAsBefore() throws IOException {
    write();
    AdSums.DEFINED.set(0);

    BatchReport report = run(options(AdSums.class, Map.of("starfire.batch.split-bytes", "4k")));

    Map<String, Long> counters =
        report.jobCounters().entrySet().stream()
            .filter(job -> job.getKey().endsWith("by-advertiser"))
            .findFirst()
            .orElseThrow()
            .getValue();
    assertThat(counters.get("REDUCE_INPUT_RECORDS")).isLessThan(counters.get("MAP_OUTPUT_RECORDS"));
    long inside =
        events.views().stream().filter(view -> INTERVAL.contains(view.at().toEpochMilli())).count();
    assertThat(report.outcomes().get("by-advertiser")).containsEntry("EMITTED", inside);
    assertThat(report.outcomes().get("views")).containsEntry("EMITTED", inside);

    // A combiner is made for each spill, and the plan once for a task.
    int built = AdSums.DEFINED.getAndSet(0);
    Map<String, String> spilling =
        Map.of(
            "starfire.batch.split-bytes", "4k",
            "starfire.batch.properties.\"mapreduce.task.io.sort.mb\"", "1",
            "starfire.batch.properties.\"mapreduce.map.sort.spill.percent\"", "0.001");
    BatchReport spilled = run(options(AdSums.class, spilling));
    assertThat(spilled.outcomes()).isEqualTo(report.outcomes());
    assertThat(AdSums.DEFINED.get()).isEqualTo(built);
  }
}
