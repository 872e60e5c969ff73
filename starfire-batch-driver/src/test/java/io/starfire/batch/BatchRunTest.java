package io.starfire.batch;

import static io.starfire.batch.InputFiles.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.batch.AdPipeline.View;
import io.starfire.batch.InputFiles.Archived;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
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
    // A row above starfire.stream.max-record-bytes, which a stream would drop.
    Instant start = Instant.ofEpochMilli(INTERVAL.startMillis());
    events.views().add(new View("large", start, "x".repeat(1_100_000), 1));
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
    String garbage = "g".repeat(5_000_000);
    rest.add(garbage);
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
        .containsEntry("UNDECODABLE", 2L)
        .containsEntry("BAD_TIME", 1L);
    try (Stream<Path> letters = Files.list(Path.of(java.net.URI.create(report.deadLetters())))) {
      String all =
          letters
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .map(BatchRunTest::read)
              .reduce("", String::concat);
      assertThat(all)
          .contains("2.json.gz", "UNDECODABLE", "BAD_TIME", "the event has no time")
          .contains("\"valueBytes\":5000000", "\"valueSha256\":\"")
          .hasSizeLessThan(400_000);
    }
  }

  @Test
  void parquetFilesGiveTheSameAsJson() throws IOException {
    InputFiles.viewsAsParquet(directory.resolve("views.parquet"), events.views());
    writeClicks();

    assertPublished(
        run(
            Map.of(
                "starfire.sources.views.batch.paths", directory + "/views.parquet",
                "starfire.sources.clicks.batch.paths", directory + "/clicks.json")));
  }

  @Test
  void pathsThatExistAreTakenAsTheyAreWhateverIsInTheirNames() throws IOException {
    String odd = "a?b [1]{x,y} 100%25 #1 é*.json";
    Path views = directory.resolve("in put/{v}").resolve(odd);
    InputFiles.lines(views, events.views().stream().map(InputFiles::json).toList());
    // Had the name been a pattern, this one would be read too.
    InputFiles.lines(directory.resolve("in put/{v}/aXb 1x 100%25 #1 é.json"), List.of("no JSON"));
    writeClicks();

    BatchReport report =
        run(
            Map.of(
                "starfire.sources.views.batch.paths",
                views.toString().replace(",", "\\,"),
                "starfire.sources.clicks.batch.paths",
                directory + "/cl?cks.json"));

    assertPublished(report);
    assertThat(report.outcomes().get("views")).doesNotContainKey("UNDECODABLE");
  }

  @Test
  void theArchiveIsReadUpToThePinAndNoFurther() throws IOException {
    Path archive = directory.resolve("archive");
    long arrived = INTERVAL.endMillis() + 3_600_000;
    List<Archived> views = new ArrayList<>();
    events.views().forEach(v -> views.add(archived(InputFiles.json(v), v.at())));
    int half = views.size() / 2;
    List<Archived> second = new ArrayList<>(views.subList(half, views.size()));
    second.add(new Archived("no json", INTERVAL.startMillis(), -1));
    second.add(new Archived(null, INTERVAL.endMillis(), -1));
    InputFiles.archive(archive, "views", 0, 100, views.subList(0, half));
    InputFiles.archive(archive, "views", 1, 0, second);
    // Beyond a gap, and so beyond the pin.
    InputFiles.archive(archive, "views", 1, 100_000, views.subList(0, half));
    List<Archived> clicks = new ArrayList<>();
    events.clicks().forEach(c -> clicks.add(archived(InputFiles.json(c), c.at())));
    InputFiles.archive(archive, "clicks", 0, 0, clicks);
    InputFiles.complete(
        archive,
        arrived,
        Map.of(
            "views",
            Map.of(
                0, range(100, 100L + half),
                1, range(0, second.size()),
                2, range(0, 0)),
            "clicks",
            Map.of(0, range(0, clicks.size()))));

    BatchReport report = run(Map.of());

    assertPublished(report);
    assertThat(report.outcomes().get("views"))
        .containsEntry("UNDECODABLE", 1L)
        .containsKey("MARGIN");
    assertThat(report.pin().offsets())
        .isEqualTo(
            Map.of(
                "views",
                Map.of(InputFiles.TOPIC_ID, Map.of(0, 100L + half, 1, (long) second.size())),
                "clicks",
                Map.of(InputFiles.TOPIC_ID, Map.of(0, (long) clicks.size()))));
    assertThat(report.pin().archiveCompleteUpToMillis()).isEqualTo(arrived);
  }

  @Test
  void theTimeOfArchivingBoundsRecordsWhoseTimestampCannotBeUsed() throws IOException {
    Path archive = directory.resolve("archive");
    long inside = INTERVAL.startMillis() + 60_000;
    long distant = Times.parse("9999-12-31T00:00Z");
    List<Archived> views = new ArrayList<>();
    events.views().forEach(v -> views.add(archived(InputFiles.json(v), v.at())));
    for (long timestamp : new long[] {-1, 0, distant}) {
      String json = InputFiles.json(new View("far", Instant.ofEpochMilli(distant), "a1", 1));
      views.add(new Archived(json, timestamp, inside, -1));
      // Read before the interval, and so counted there.
      views.add(new Archived(json, timestamp, INTERVAL.startMillis() - 1, -1));
    }
    List<Archived> clicks = new ArrayList<>();
    events.clicks().forEach(c -> clicks.add(archived(InputFiles.json(c), c.at())));
    InputFiles.archive(archive, "views", 0, 0, views);
    InputFiles.archive(archive, "clicks", 0, 0, clicks);
    InputFiles.complete(
        archive,
        INTERVAL.endMillis() + 3_600_000,
        Map.of(
            "views",
            Map.of(0, range(0, views.size())),
            "clicks",
            Map.of(0, range(0, clicks.size()))));

    BatchReport report = run(Map.of());

    assertPublished(report);
    assertThat(report.outcomes().get("views")).containsEntry("BAD_TIME", 3L);
  }

  @Test
  void anArchiveThatIsNotCompleteIsRefusedUnlessAllowed() throws IOException {
    Path archive = directory.resolve("archive");
    InputFiles.archive(
        archive,
        "views",
        0,
        0,
        List.of(archived("{}", Instant.ofEpochMilli(INTERVAL.startMillis()))));
    InputFiles.complete(archive, INTERVAL.endMillis(), Map.of("views", Map.of(0, range(0, 1))));
    assertThatThrownBy(() -> run(Map.of()))
        .hasMessageContaining("is complete for arrivals up to 2026-11-20T13:00:00.000Z")
        .hasMessageContaining("the run needs all of topic 'views' up to 2026-11-20T13:15:00.000Z")
        .hasMessageContaining("--allow-incomplete");

    InputFiles.complete(
        archive, INTERVAL.endMillis() + 3_600_000, Map.of("views", Map.of(0, range(0, 5))));
    assertThatThrownBy(() -> run(Map.of()))
        .hasMessageContaining(
            "lacks offsets 1 to 4 of topic 'views' (id AAAAAAAAAAAAAAAAAAAAAA) partition 0");
    assertThat(coordinator.requests).isEmpty();
  }

  @Test
  void runsOverAdjacentIntervalsAddUpToOneOverBoth() throws IOException {
    writeViews();
    writeClicks();
    Map<String, String> files = files();
    BatchReport whole = run(files);
    Map<String, Map<String, Long>> sum = new TreeMap<>();
    Map<String, AdEvents.Sums> rows = new TreeMap<>();
    for (String hour : List.of("2026-11-20T10/PT1H", "2026-11-20T11/PT2H")) {
      BatchReport part =
          BatchRun.run(
              BatchOptions.of(AdPipeline.class.getName(), Interval.parse(hour), config(files)),
              progress::add,
              CLOCK);
      addOutcomes(part.outcomes(), sum);
      rows.putAll(
          StoredRows.read(
              directory.resolve("deep"),
              coordinator.publications.get(coordinator.publications.size() - 1).segments()));
    }
    Map<String, Map<String, Long>> wholeOutcomes = new TreeMap<>();
    addOutcomes(whole.outcomes(), wholeOutcomes);

    assertThat(sum).isEqualTo(wholeOutcomes);
    assertThat(rows).isEqualTo(events.expected(INTERVAL, NAMES));
  }

  @Test
  void bucketsAreCutIntoNumberedShardsAndEmptyOnesBecomeTombstones() throws IOException {
    Interval firstHour = Interval.parse("2026-11-20T10/PT1H");
    List<View> early =
        events.views().stream()
            .filter(view -> view.at().toEpochMilli() < firstHour.endMillis())
            .toList();
    events = new AdEvents(early, events.clicks());
    writeViews();
    writeClicks();
    Map<String, String> settings = new TreeMap<>(files());
    settings.put("starfire.batch.target-rows-per-segment", "20");

    assertPublished(run(settings));

    List<SegmentDescriptor> segments = coordinator.publications.get(0).segments();
    List<SegmentDescriptor> full = segments.stream().filter(s -> !s.tombstone()).toList();
    assertThat(full.size()).isGreaterThan(3);
    assertThat(full).allMatch(s -> s.corePartitions() == full.size());
    assertThat(full.stream().map(s -> s.id().partition()))
        .containsExactlyElementsOf(IntStream.range(0, full.size()).boxed().toList());
    assertThat(segments.stream().filter(SegmentDescriptor::tombstone)).hasSize(2);
  }

  @Test
  void aRunThatFailsAfterItWasAnnouncedChangesNothingAndTheNextRunSucceeds() throws IOException {
    writeClicks();
    writeViews();
    // The data source is known with a column less: only a publication may change that.
    DataSourceSchema known =
        new DataSourceSchema(
            "ads",
            List.of(new DimensionSpec("advertiser", ColumnType.STRING)),
            List.of(),
            Granularity.HOUR,
            Granularity.MINUTE,
            true);
    JsonNode before =
        Json.read(
            Json.write(new DataSourceRegistration(known, null)), JsonNode.class, "a registration");
    coordinator.registrations.add(before);
    Files.writeString(directory.resolve("broken.csv.gz"), "this is not gzip");
    Map<String, String> broken = new TreeMap<>(files());
    broken.put("starfire.sources.clicks.batch.paths", directory + "/broken.csv.gz");
    // The first of its jobs is done by then.
    broken.put("starfire.batch.keep-failed-runs-for", "0s");
    assertThatThrownBy(() -> run(broken)).hasMessageContaining("broken.csv.gz cannot be read");
    assertThat(coordinator.publications).isEmpty();
    assertThat(coordinator.versionRequests).hasSize(1);
    assertThat(coordinator.registrations).containsExactly(before);
    assertThat(directory.resolve("work")).isEmptyDirectory();
    assertThat(directory.resolve("deep")).isEmptyDirectory();

    assertPublished(run(files()));
    assertThat(coordinator.registrations).containsExactly(before);
    assertThat(coordinator.publications)
        .singleElement()
        .satisfies(
            published ->
                assertThat(published.schemas().get(0).dimensions())
                    .extracting(DimensionSpec::name)
                    .containsExactly("advertiser", "name"));
  }

  @Test
  void theDataSourcesOfARunAreOnePublicationOfOneVersionIndexedByOneJob() throws IOException {
    writeViews();
    writeClicks();

    BatchReport report = runTwoSinks();

    assertThat(progress)
        .filteredOn(line -> line.contains(": starfire "))
        .hasSize(3)
        .last()
        .isEqualTo("job 3 of 3: starfire TwoSinks: index seen, clicked");
    assertThat(
            DryRun.lines(
                BatchOptions.of(TwoSinks.class.getName(), INTERVAL, config(files())), CLOCK))
        .filteredOn(line -> line.contains("  index "))
        .singleElement(InstanceOfAssertFactories.STRING)
        .matches(" *index seen, clicked: sorts about [1-9][0-9,]* rows");

    PublicationRequest request = coordinator.publications.get(0);
    assertThat(coordinator.publications).hasSize(1);
    assertThat(coordinator.versionRequests)
        .singleElement()
        .satisfies(asked -> assertThat(asked.dataSources()).hasSize(2));
    assertThat(request.dataSources()).containsExactly("clicked", "seen");
    assertThat(request.segmentsOf("seen")).isNotEmpty();
    assertThat(request.segmentsOf("clicked")).isNotEmpty();
    assertThat(report.publication().state()).isEqualTo(State.ACTIVE);
    assertThat(report.publication().dataSources()).hasSize(2);
  }

  @Test
  void ifTheRunCanNeverBePublishedNothingOfEitherDataSourceStays() throws IOException {
    writeViews();
    writeClicks();
    coordinator.refusal.set(new StarfireException(ErrorCode.NOT_PUBLISHABLE, "not this one"));

    assertThatThrownBy(this::runTwoSinks).hasMessageContaining("not this one");

    for (String dataSource : List.of("seen", "clicked", "unpublished-runs")) {
      assertThat(directory.resolve("deep").resolve(dataSource)).isEmptyDirectory();
    }
    assertThat(directory.resolve("work")).isEmptyDirectory();
  }

  private BatchReport runTwoSinks() {
    return BatchRun.run(
        BatchOptions.of(TwoSinks.class.getName(), INTERVAL, config(files())), progress::add, CLOCK);
  }

  @Test
  void aHeldRunStaysStagedAndSaysSo() throws IOException {
    writeViews();
    writeClicks();
    Path report = directory.resolve("report.json");
    Path conf = directory.resolve("starfire.conf");
    StringBuilder text = new StringBuilder();
    settings(files()).forEach((key, value) -> text.append(key + " = \"" + value + "\"\n"));
    Files.writeString(conf, text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int code =
        main(
            out,
            AdPipeline.class.getName(),
            "--interval",
            "2026-11-20T10/PT3H",
            "--config",
            conf.toString(),
            "-D",
            "starfire.batch.reducers=1",
            "-Dmapreduce.task.io.sort.mb=16",
            "--hold",
            "--report",
            report.toString());

    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(coordinator.publications.get(0).hold()).isTrue();
    assertThat(Files.readString(report)).contains("\"state\":\"STAGED\"", "\"EMITTED\"");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("it is held, as asked");
  }

  @Test
  void eachWrongArgumentIsAnsweredWithOneSentence() throws IOException {
    writeViews();
    writeClicks();
    assertRefused("2026-11-20T10", files(), "is not an interval");
    assertRefused("2026-11-20T10/2026-11-20T10", files(), "is empty");
    assertRefused(
        "2026-11-20T10:30/PT1H", files(), "use 2026-11-20T10:00:00.000Z/2026-11-20T12:00:00.000Z");
    assertRefused(
        "2026-11-20T23/PT1H", files(), "is not closed: it needs events up to 2026-11-21T00:10");
    assertRefused(
        "2026-11-20T10/PT1H",
        Map.of("starfire.sources.views.batch.paths", directory + "/none"),
        "there is no file at");
    Map<String, String> noCoordinator = new TreeMap<>(files());
    noCoordinator.put("starfire.server.coordinator-url", "http://127.0.0.1:1");
    assertRefused(
        "2026-11-20T10/PT1H", noCoordinator, "no Starfire server answers at http://127.0.0.1:1/");
    Map<String, String> noLookup = new TreeMap<>(files());
    noLookup.put("starfire.lookups.advertisers.file", directory + "/none.csv");
    assertRefused("2026-11-20T10/PT1H", noLookup, "lookup 'advertisers': there is no file");
    assertThat(progress).isEmpty();

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(main(out, "--interval", "2026-11-20T10/PT1H")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("the class of a pipeline is missing", "--help shows the usage")
        .doesNotContain("\tat ");
  }

  private void assertRefused(String interval, Map<String, String> settings, String sentence) {
    assertThatThrownBy(
            () ->
                BatchRun.run(
                    BatchOptions.of(
                        AdPipeline.class.getName(), Interval.parse(interval), config(settings)),
                    progress::add,
                    CLOCK))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(sentence);
  }

  private static int main(ByteArrayOutputStream out, String... arguments) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Main.run("starfire batch", List.of(arguments), stream, stream, CLOCK);
  }

  private static Archived archived(String json, Instant at) {
    return new Archived(json, at.toEpochMilli() + 1000, at.toEpochMilli());
  }

  private static void addOutcomes(
      Map<String, Map<String, Long>> from, Map<String, Map<String, Long>> to) {
    from.forEach(
        (operator, counts) ->
            counts.forEach(
                (outcome, count) -> {
                  if (!outcome.equals("MARGIN")) {
                    to.computeIfAbsent(operator, key -> new TreeMap<>())
                        .merge(outcome, count, Long::sum);
                  }
                }));
  }

  private void writeViews() throws IOException {
    InputFiles.lines(
        directory.resolve("views.json"), events.views().stream().map(InputFiles::json).toList());
  }

  private void writeClicks() throws IOException {
    InputFiles.lines(
        directory.resolve("clicks.json"), events.clicks().stream().map(InputFiles::json).toList());
  }

  private Map<String, String> files() {
    return Map.of(
        "starfire.sources.views.batch.paths", directory + "/views.json",
        "starfire.sources.clicks.batch.paths", directory + "/clicks.json");
  }

  private void assertPublished(BatchReport report) {
    assertThat(report.publication().state()).isEqualTo(State.ACTIVE);
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
    return StarfireConfig.fromMap(settings(settings));
  }

  private Map<String, String> settings(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>();
    all.put("starfire.batch.work-dir", directory.resolve("work").toString());
    all.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    all.put("starfire.archive.root", directory.resolve("archive").toString());
    all.put("starfire.server.coordinator-url", coordinator.url());
    all.put("starfire.lookups.advertisers.file", directory.resolve("advertisers.csv").toString());
    all.put("starfire.sources.views.topic", "views");
    all.put("starfire.sources.clicks.topic", "clicks");
    all.putAll(settings);
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
