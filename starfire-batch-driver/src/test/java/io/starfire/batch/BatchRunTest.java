package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.segment.publication.PublicationRequest;
import io.starfire.segment.publication.PublicationStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs in the local job runner, against the meaning by brute force. */
class BatchRunTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT3H");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
  private static final Map<String, String> NAMES = Map.of("a", "Anna", "b", "Bert", "c", "Carl");
  private static final long SEED = Long.getLong("starfire.seed", 20261120L);

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private final List<String> progress = new ArrayList<>();
  private AdEvents events;

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator();
    events = AdEvents.random(SEED, INTERVAL, 400);
    System.out.println("seed " + SEED);
    Files.writeString(directory.resolve("advertisers.csv"), "id,name\na,Anna\nb,Bert\nc,Carl\n");
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void jsonAndCsvFilesGiveWhatThePipelineMeans() throws IOException {
    int half = events.views().size() / 2;
    InputFiles.lines(
        directory.resolve("views/1.json"),
        events.views().subList(0, half).stream().map(InputFiles::json).toList());
    List<String> rest =
        new ArrayList<>(
            events.views().subList(half, events.views().size()).stream()
                .map(InputFiles::json)
                .toList());
    rest.add("{\"id\": broken");
    rest.add("{\"id\":\"x\",\"advertiser\":\"a\",\"price\":1}");
    InputFiles.lines(directory.resolve("views/2.json.gz"), rest);
    InputFiles.clicksAsCsv(directory.resolve("clicks.csv"), events.clicks());

    BatchReport report =
        run(
            Map.of(
                "starfire.sources.views.batch.paths",
                directory.resolve("views").toString(),
                "starfire.sources.clicks.batch.paths",
                directory + "/cl*.csv",
                "starfire.batch.split-bytes",
                "4k",
                "starfire.batch.reducers",
                "3"));

    assertPublished(report);
    assertThat(report.outcomes().get("views"))
        .containsEntry("UNDECODABLE", 1L)
        .containsEntry("BAD_TIME", 1L);
    try (Stream<Path> letters = Files.list(Path.of(java.net.URI.create(report.deadLetters())))) {
      String all =
          letters
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .map(BatchRunTest::read)
              .reduce("", String::concat);
      assertThat(all).contains("2.json.gz", "UNDECODABLE", "BAD_TIME", "the event has no time");
    }
  }

  private void assertPublished(BatchReport report) {
    assertThat(report.publications()).hasSize(1);
    assertThat(report.publications().get(0).state()).isEqualTo(State.ACTIVE);
    PublicationRequest published = coordinator.publications.get(0);
    assertThat(published.intervals()).containsExactly(INTERVAL);
    assertThat(StoredRows.read(directory.resolve("deep"), published.segments()))
        .isEqualTo(events.expected(INTERVAL, NAMES));
    assertThat(directory.resolve("work"))
        .satisfiesAnyOf(
            work -> assertThat(work).isEmptyDirectory(),
            work -> assertThat(work.toFile().list()).containsExactly("dead-letters"));
  }

  private BatchReport run(Map<String, String> settings) {
    return BatchRun.run(
        BatchOptions.of(AdPipeline.class.getName(), INTERVAL, config(settings)),
        progress::add,
        CLOCK);
  }

  private StarfireConfig config(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>();
    all.put("starfire.batch.work-dir", directory.resolve("work").toString());
    all.put("starfire.deepStorage.root", directory.resolve("deep").toString());
    all.put("starfire.archive.root", directory.resolve("archive").toString());
    all.put("starfire.server.coordinator-url", coordinator.url());
    all.put("starfire.lookups.advertisers.file", directory.resolve("advertisers.csv").toString());
    all.put("starfire.sources.views.topic", "views");
    all.put("starfire.sources.clicks.topic", "clicks");
    all.putAll(settings);
    return StarfireConfig.fromMap(all);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
