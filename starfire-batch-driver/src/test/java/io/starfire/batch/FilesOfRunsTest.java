package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

/**
 * Files of results for other programs: written by real jobs, read by DuckDB, and replaced as a
 * whole or not at all.
 */
class FilesOfRunsTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT2H");
  private static final String PLACE = "2026-11-20T100000.000Z_2026-11-20T120000.000Z";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
  private static final long SEED = Long.getLong("starfire.seed", 20261130L);

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private AdEvents events;

  @BeforeEach
  void start() throws IOException {
    System.out.println("seed " + SEED);
    FiledAds.RESULTS.set(0);
    coordinator = new FakeCoordinator();
    write(100);
  }

  private void write(int count) throws IOException {
    events = AdEvents.random(SEED, INTERVAL, count);
    InputFiles.lines(
        directory.resolve("views.json"), events.views().stream().map(InputFiles::json).toList());
    InputFiles.lines(
        directory.resolve("clicks.json"), events.clicks().stream().map(InputFiles::json).toList());
  }

  @AfterEach
  void stop() {
    FiledAds.FAILS.set(false);
    coordinator.close();
  }

  private BatchOptions options(Class<?> pipeline, Interval interval, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>();
    all.put("starfire.batch.work-dir", directory.resolve("work").toString());
    all.put("starfire.batch.reducers", "3");
    all.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    all.put("starfire.files.root", directory.resolve("files").toString());
    all.put("starfire.server.coordinator-url", coordinator.url());
    all.put("starfire.sources.views.batch.paths", directory + "/views.json");
    all.put("starfire.sources.clicks.batch.paths", directory + "/clicks.json");
    all.putAll(more);
    return BatchOptions.of(pipeline.getName(), interval, StarfireConfig.fromMap(all));
  }

  private BatchOptions options() {
    return options(FiledAds.class, INTERVAL, Map.of());
  }

  private BatchReport run(BatchOptions options) {
    return BatchRun.run(options, progress::add, CLOCK);
  }

  /** The lines of the results, in order. */
  private List<String> lines(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory.resolve("files/" + name))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    lines.sort(null);
    return lines;
  }

  private List<String> duck(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet found = statement.executeQuery(sql.replace("$", directory + "/files"))) {
        while (found.next()) {
          rows.add(found.getString(1));
        }
      }
    }
    return rows;
  }

  /** What lies below the root of the files, without what is in the directories of intervals. */
  private List<String> directories() throws IOException {
    try (Stream<Path> found = Files.walk(directory.resolve("files"), 2)) {
      return found
          .map(path -> directory.resolve("files").relativize(path).toString())
          .filter(path -> path.contains("/"))
          .sorted()
          .toList();
    }
  }

  @Test
  void oneRunWritesADataSourceAndFilesOfBothFormatsWithTheSameResultsInOnePass() throws Exception {
    BatchReport report = run(options());

    List<String> lines = lines("ad_lines");
    assertThat(lines).hasSizeGreaterThan(20);
    assertThat(report.publication().dataSources().get(0).events()).isEqualTo(lines.size());
    Map<String, Long> reached = report.outcomes().get("to-files-ad_lines");
    assertThat(reached).containsEntry("EMITTED", (long) lines.size());
    assertThat(FiledAds.RESULTS)
        .as("the join, which feeds four sinks, is computed once")
        .hasValue((int) reached.values().stream().mapToLong(Long::longValue).sum());
    assertThat(report.leftOut()).containsExactly("topic ad_topic");
    assertThat(report.outcomes()).doesNotContainKey("to-topic-ad_topic");
    assertThat(report.lines())
        .contains("left out, because a batch run writes no topics: topic ad_topic");
    assertThat(report.files())
        .extracting(WrittenFiles::name)
        .containsExactlyInAnyOrder("ad_columns", "ad_lines", "seen");
    assertThat(report.files())
        .allSatisfy(
            files -> {
              assertThat(files.files()).as("shards of %s", files.name()).isEqualTo(3);
              assertThat(files.inPlace()).isTrue();
              assertThat(files.sizeBytes()).isPositive();
            });
    // DuckDB reads the columns, and prints them as the lines have them.
    assertThat(
            duck(
                """
                select '{"__time":"' || strftime(__time, '%Y-%m-%dT%H:%M:%SZ') || '","id":'
                  || case when id is null then 'null' else '"' || id || '"' end
                  || ',"advertiser":"' || advertiser || '","price":"' || price || '","clicks":'
                  || len(clicks) || ',"counts":' || map_extract(counts, 'clicks')[1]
                  || ',"clicked":' || details.clicked || ',' || details.bucket || '}'
                from read_parquet('$/ad_columns/*/*.parquet') order by 1
                """))
        .isEqualTo(lines.stream().map(FilesOfRunsTest::shortened).sorted().toList());
    assertThat(duck("select count(*) from read_parquet('$/seen/*/*.parquet')"))
        .containsExactly(Integer.toString(lines.size()));
    assertThat(directories())
        .containsExactly("ad_columns/" + PLACE, "ad_lines/" + PLACE, "seen/" + PLACE);
  }

  private static String shortened(String line) {
    JsonNode json = Json.read(line, JsonNode.class, "a line");
    return "{\"__time\":%s,\"id\":%s,\"advertiser\":%s,\"price\":%s,\"clicks\":%d,\"counts\":%d,\"clicked\":%s,%s}"
        .formatted(
            json.get("__time"),
            json.get("id"),
            json.get("advertiser"),
            json.get("price"),
            json.get("clicks").size(),
            json.at("/counts/clicks").asInt(),
            json.at("/details/clicked").asBoolean(),
            json.at("/details/bucket").asText());
  }

  @Test
  void theWholeTakesThePlaceOfItsPartsButNoPartThatOfTheWhole() throws IOException {
    Interval later = Interval.parse("2026-11-20T11/PT1H");
    run(options(OtherLines.class, Interval.parse("2026-11-20T10/PT1H"), Map.of()));
    run(options(OtherLines.class, later, Map.of()));
    List<String> lines = lines("ad_lines");
    assertThat(directories()).hasSize(2);
    BatchOptions whole = options(OtherLines.class, INTERVAL, Map.of());

    BatchReport report = run(whole);
    assertThat(lines("ad_lines")).isEqualTo(lines);
    assertThat(directories()).containsExactly("ad_lines/" + PLACE);
    assertThat(report.files().get(0).files()).isEqualTo(1);
    BatchReport tiled = run(whole.withTile("PT1H"));
    assertThat(lines("ad_lines")).isEqualTo(lines);
    assertThat(tiled.files().get(0).files()).isEqualTo(2);
    assertThat(tiled.files().get(0).directory()).isEqualTo(report.files().get(0).directory());

    assertThatThrownBy(() -> run(options(OtherLines.class, later, Map.of())))
        .hasMessageContaining("files 'ad_lines' hold 2026-11-20T10:00:00.000Z/")
        .hasMessageContaining("run the pipeline over an interval that covers both, or delete ");
    assertThatThrownBy(() -> DryRun.lines(options(FiledAds.class, INTERVAL, Map.of()), CLOCK))
        .hasMessageContaining("are those of pipeline io.starfire.batch.OtherLines");
    assertThat(lines("ad_lines")).isEqualTo(lines);
  }

  @Test
  void aRunThatFailsShowsNoFilesAndCanBeResumed() throws Exception {
    FiledAds.FAILS.set(true);
    assertThatThrownBy(() -> run(options())).hasMessageContaining("the disk of a lookup is away");
    FiledAds.FAILS.set(false);

    // The files are gathered, and then the segments cannot be stored.
    Path full = directory.resolve("deep/unpublished-runs");
    Files.deleteIfExists(full);
    Files.writeString(full, "no directory");
    assertThatThrownBy(() -> run(options().resumed())).isInstanceOf(StarfireException.class);
    assertThat(directories()).singleElement().asString().startsWith("_runs/run-");
    Files.delete(full);
    progress.clear();
    BatchReport resumed = run(options().resumed());

    assertThat(progress).anyMatch(line -> line.equals("clicked: done by an earlier run"));
    List<String> lines = lines("ad_lines");
    assertThat(resumed.publication().dataSources().get(0).events()).isEqualTo(lines.size());
    for (String name : List.of("ad_columns", "seen")) {
      assertThat(duck("select count(*) from read_parquet('$/%s/*/*.parquet')".formatted(name)))
          .containsExactly(Integer.toString(lines.size()));
    }
    assertThat(directories()).hasSize(3);
  }

  @Test
  void whatCanNeverBePublishedLeavesTheFilesOfTheEarlierRun() throws IOException {
    BatchOptions options = options(SeenViews.class, INTERVAL, Map.of());
    run(options);
    List<String> lines = lines("ad_lines");
    write(200);
    coordinator.refusal.set(new StarfireException(ErrorCode.NOT_PUBLISHABLE, "not this one"));

    assertThatThrownBy(() -> run(options)).hasMessageContaining("not this one");

    assertThat(directories()).containsExactly("ad_lines/" + PLACE);
    assertThat(lines("ad_lines")).isEqualTo(lines);
  }

  @Test
  void filesOfAPublicationThatIsNotActiveWaitAndPublishShowsThem() throws IOException {
    coordinator.refusal.set(new StarfireException(ErrorCode.INVALID_INPUT, "not now"));
    BatchOptions options =
        options(SeenViews.class, INTERVAL, Map.of("starfire.batch.activation-timeout", "1s"));
    assertThatThrownBy(() -> run(options)).hasMessageContaining("not now");
    assertThat(directories()).singleElement().asString().startsWith("_waiting/filed_");
    coordinator.refusal.set(null);
    String id = directories().get(0).replace("_waiting/", "");
    List<String> lines = new ArrayList<>();
    Cleaning.clean(options.config(), Map.of(), false, false, lines::add);
    assertThat(lines).anyMatch(line -> line.startsWith(id + " waits to be published"));

    assertThat(PublishRun.run(id, options.config(), progress::add, CLOCK)).isTrue();

    assertThat(directories()).containsExactly("ad_lines/" + PLACE);
    assertThat(lines("ad_lines")).isNotEmpty();
    assertThat(progress).anyMatch(line -> line.startsWith("files ad_lines: 1 files, "));
  }

  @Test
  void aRunOfAPipelineWithTopicsAloneIsRefused() {
    assertThatThrownBy(() -> run(options(OnlyTopics.class, INTERVAL, Map.of())))
        .hasMessageContaining("OnlyTopics writes topics only, and a batch run writes none")
        .hasMessageContaining("run it with 'bin/starfire stream'");
    assertThat(coordinator.requests).isEmpty();
  }

  @Test
  void filesOfAHeldPublicationWait() throws IOException {
    BatchOptions held =
        new BatchOptions(
            SeenViews.class.getName(), INTERVAL, options().config(), Map.of(), true, false, false);

    BatchReport report = run(held);

    assertThat(report.publication().state()).isEqualTo(State.STAGED);
    assertThat(report.files()).hasSize(1).noneMatch(WrittenFiles::inPlace);
    assertThat(report.lines())
        .anyMatch(
            line -> line.startsWith("the files take their places when 'bin/starfire publish"));
    assertThat(directories()).hasSize(1);
    List<String> lines = new ArrayList<>();
    Cleaning.clean(held.config(), Map.of(), true, false, lines::add);
    assertThat(lines).anyMatch(line -> line.contains("wait, and it is STAGED"));
    assertThat(directories()).hasSize(1);
  }

  @Test
  void aPipelineOfFilesAloneAsksNoCoordinatorAndCompletesWhatAKilledRunHasBegun()
      throws IOException {
    BatchOptions options = options(OtherLines.class, INTERVAL, Map.of());
    BatchReport report = run(options);

    assertThat(report.publication()).isNull();
    assertThat(report.isAsWanted(false)).isTrue();
    assertThat(report.toJson()).contains("\"publication\":null", "\"name\":\"ad_lines\"");
    assertThat(coordinator.requests).isEmpty();
    List<String> lines = lines("ad_lines");
    assertThat(lines).hasSizeGreaterThan(20);

    // Killed between the two renames: what was there is away, what is new waits.
    Path place = directory.resolve("files/ad_lines/" + PLACE);
    Path waiting = Files.createDirectories(directory.resolve("files/_waiting/some_id"));
    Files.writeString(waiting.resolve("_turning"), "\n");
    Files.move(place, waiting.resolve("ad_lines"));
    List<String> cleaned = new ArrayList<>();
    Cleaning.clean(options.config(), Map.of(), false, false, cleaned::add);

    assertThat(lines("ad_lines")).isEqualTo(lines);
    assertThat(cleaned).anyMatch(line -> line.endsWith(", for a run that was killed"));
    assertThat(directories()).containsExactly("ad_lines/" + PLACE);
  }
}
