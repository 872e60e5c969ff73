package io.starfire.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.batch.input.ParquetRows;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.jobs.ads.AdEventsTruth.Hour;
import io.starfire.jobs.flights.AirportDays;
import io.starfire.jobs.flights.Flights;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.DeepStorageLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped pipelines by {@code hadoop jar} on a real HDFS and YARN. */
@Tag("cluster")
class RunsOnClusterTest {
  private static final Duration RUN_TIME = Duration.ofMinutes(5);

  /** So that a copy is started soon after an attempt falls behind. */
  private static final List<String> SPECULATION =
      List.of(
          "-D", "mapreduce.map.speculative=true",
          "-D", "mapreduce.reduce.speculative=true",
          "-D", "mapreduce.job.speculative.minimum-allowed-tasks=1",
          "-D", "mapreduce.job.speculative.retry-after-no-speculate=500",
          "-D", "mapreduce.job.speculative.retry-after-speculate=1000",
          // Reducers that wait for a map would hold the room for its copy.
          "-D", "mapreduce.job.reduce.slowstart.completedmaps=1.0");

  /** A name with what means something to a shell, a pattern, an URI or a list. */
  private static final String ODD = "a?b [1]{x,y} 100%25 #1 é*";

  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();
  private static final Interval FLIGHTS_INTERVAL = Interval.parse("2001-01-01/2001-07-02");
  private static final int COPIES = 4;

  private static AdsRig rig;
  private static int publishedSegments;

  @BeforeAll
  static void start() {
    rig = AdsRig.start("runs");
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void aStoredFileComesBackAndItsNameIsNeverTakenTwice(@TempDir Path directory) throws IOException {
    DeepStorage storage =
        new DeepStorageLocation(rig.cluster().root() + "/" + ODD, Map.of()).open();
    Path file = Files.writeString(directory.resolve("segment"), "content");

    assertThat(storage.exists("ads/1")).isFalse();
    assertThat(storage.push(file, "ads/1")).isEqualTo("ads/1");
    assertThat(storage.push(file, "ads/1")).isEqualTo("ads/1");
    assertThat(storage.exists("ads/1")).isTrue();
    assertThat(storage.exists("ads")).isFalse();
    Files.writeString(file, "contenT");
    assertThatThrownBy(() -> storage.push(file, "ads/1"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("they differ from byte 6 on");

    Path target = directory.resolve("fetched");
    storage.fetch("ads/1", target);
    assertThat(target).hasContent("content");
    storage.delete("ads/1");
    storage.delete("ads/1");
    assertThatThrownBy(() -> storage.fetch("ads/1", target))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(
            rig.cluster()
                .fileSystem()
                .listStatus(new org.apache.hadoop.fs.Path("/" + ODD + "/ads")))
        .as("no attempts are left")
        .isEmpty();
  }

  @Test
  void adEventsAreTheTruthAlthoughAMapAndAReduceAttemptAreKilled()
      throws IOException, InterruptedException {
    Path report = rig.directory().resolve("killed.json");
    try (JavaProcess run = submit("killed", report)) {
      String map = Attempts.kill(rig.cluster(), run, "_m_");
      String reduce = Attempts.kill(rig.cluster(), run, "_r_");
      System.out.println("killed " + map + " and " + reduce);

      awaitPublished(run);

      assertThat(run.out())
          .contains("job 1 of 2: starfire AdEvents: ", "3 reducers, http://", "job 2 of 2: done in")
          .containsPattern("job 1 of 2: map \\d+% reduce \\d+%")
          .containsPattern("impressions: .*EMITTED [\\d,]+")
          .containsPattern("[1-9]\\d* attempts failed and were repeated");
      assertThat(run.err()).doesNotContain("\tat ");
    }
    assertThat(rig.served()).isEqualTo(rig.expected());
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(total(json, "NUM_FAILED_MAPS")).isPositive();
    assertThat(total(json, "NUM_FAILED_REDUCES")).isPositive();
    assertNothingIsLeftOver();
  }

  @Test
  void adEventsAreTheTruthWhenACopyOvertakesAnAttemptThatHangs()
      throws IOException, InterruptedException {
    Path report = rig.directory().resolve("hanging.json");
    try (JavaProcess run = submit("hanging", report)) {
      String hanging = Attempts.freeze(rig.cluster(), run, "_m_");
      System.out.println("froze " + hanging);

      awaitPublished(run);
    }
    assertThat(rig.served()).isEqualTo(rig.expected());
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(total(json, "NUM_KILLED_MAPS")).as("the attempt that hung").isPositive();
    assertNothingIsLeftOver();
  }

  @Test
  void binStarfireBatchRunsOnTheClusterToo() throws IOException, InterruptedException {
    try (JavaProcess run = rig.starfireBatch("starfire-batch")) {
      awaitPublished(run);
      assertThat(run.out()).contains("3 reducers, http://");
    }
    assertThat(rig.served()).isEqualTo(rig.expected());
    assertNothingIsLeftOver();
  }

  @Test
  void aPipelineOfAUsersOwnRunsFromAJarBesideOursAndFromAJobJarOfItsOwn()
      throws IOException, InterruptedException {
    Path own = OwnImpressions.jar(rig.directory().resolve("own.jar"));
    List<String> beside =
        rig.run(OwnImpressions.class, new ArrayList<>(List.of("--jar", own.toString())));
    try (JavaProcess run = rig.cluster().submit("own-jar", beside)) {
      awaitPublished(run);
    }
    assertThat(ownImpressions()).isEqualTo(expectedImpressions());

    Path jobJar =
        OwnImpressions.jobJar(rig.directory().resolve("own-jobs.jar"), HadoopDistribution.jobJar());
    List<String> arguments = rig.run(OwnImpressions.class, List.of());
    try (JavaProcess run = rig.cluster().submit("own-job-jar", jobJar, arguments)) {
      awaitPublished(run);
    }
    assertThat(ownImpressions()).isEqualTo(expectedImpressions());
    assertNothingIsLeftOver();
  }

  private static List<Long> expectedImpressions() {
    return rig.expected().stream().map(Hour::impressions).toList();
  }

  private static List<Long> ownImpressions() throws IOException, InterruptedException {
    String query =
        """
        {"queryType":"timeseries","dataSource":"%s","granularity":"hour","intervals":["%s"],
         "aggregations":[{"type":"longSum","name":"impressions","fieldName":"impressions"}]}\
        """
            .formatted(OwnImpressions.DATA_SOURCE, rig.interval());
    List<Long> impressions = new ArrayList<>();
    for (JsonNode bucket : rig.post("/druid/v2", query)) {
      impressions.add(bucket.path("result").path("impressions").asLong());
    }
    return impressions;
  }

  @Test
  void flightsAreWhatThePipelineMeans() throws IOException, InterruptedException {
    Path sample = rig.directory().resolve("sample.parquet");
    try (InputStream in = Flights.class.getResourceAsStream("flights-sample.parquet")) {
      Files.copy(in, sample);
    }
    String input = rig.cluster().root() + "/flights " + ODD;
    for (int i = 0; i < COPIES; i++) {
      rig.cluster()
          .fileSystem()
          .copyFromLocalFile(
              new org.apache.hadoop.fs.Path(sample.toUri()),
              new org.apache.hadoop.fs.Path("%s/%d %s.parquet".formatted(input, i, ODD)));
    }
    // Had the name been a pattern, this one would be read, too.
    rig.cluster()
        .fileSystem()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(sample.toUri()),
            new org.apache.hadoop.fs.Path(
                rig.cluster().root() + "/flights aXb 1x 100%25 #1 éZ/0.parquet"));
    // The arguments of a process cannot hold every character, unlike a file.
    Path config = rig.directory().resolve("flights.conf");
    Files.writeString(
        config,
        "%s%nstarfire.sources.flights.batch.paths = [\"%s\"]%n"
            .formatted(Files.readString(rig.config()), input));
    Path airports = CONF.resolve("airports.csv");
    List<String> arguments =
        List.of(
            Flights.class.getName(),
            "--interval",
            FLIGHTS_INTERVAL.toString(),
            "--config",
            config.toString(),
            "-D",
            "starfire.sources.flights.time.column=date",
            "-D",
            "starfire.lookups.airports.file=" + airports.toUri(),
            "-D",
            "starfire.lookups.airports.key-column=iata");

    try (JavaProcess run = rig.cluster().submit("flights", arguments)) {
      awaitPublished(run);
      assertThat(run.out()).containsPattern("[4-9] mappers").contains("3 reducers");
    }

    Map<List<Object>, List<Long>> served = new TreeMap<>(new FlightsTruth.ByText());
    String query =
        """
        {"queryType":"groupBy","dataSource":"flights","granularity":"all","intervals":["%s"],
         "dimensions":["origin","originCity","destination","delayClass"],
         "aggregations":[{"type":"longSum","name":"flights","fieldName":"flights"},
         {"type":"longSum","name":"distance","fieldName":"distance"},
         {"type":"longSum","name":"delay","fieldName":"delay"}]}\
        """
            .formatted(FLIGHTS_INTERVAL);
    for (JsonNode row : rig.post("/druid/v2", query)) {
      JsonNode event = row.path("event");
      List<Object> key = new ArrayList<>();
      for (String dimension : List.of("origin", "originCity", "destination", "delayClass")) {
        key.add(event.path(dimension).isNull() ? null : event.path(dimension).asText());
      }
      served.put(
          key,
          List.of(
              event.path("flights").asLong(),
              event.path("distance").asLong(),
              event.path("delay").asLong()));
    }
    assertThat(served)
        .isEqualTo(FlightsTruth.of(sample, airports, FLIGHTS_INTERVAL, COPIES))
        .hasSizeGreaterThan(1000);
    assertNothingIsLeftOver();
  }

  /** Tasks write on HDFS; the files can lie there or elsewhere, and turn by renames there. */
  @Test
  void filesOfARunLieOnHdfsOrElsewhereAndThoseOfALaterRunTakeTheirPlace() throws Exception {
    Path sample = rig.directory().resolve("airports.parquet");
    try (InputStream in = Flights.class.getResourceAsStream("flights-sample.parquet")) {
      Files.copy(in, sample);
    }
    String input = rig.cluster().root() + "/airports";
    rig.cluster()
        .fileSystem()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(sample.toUri()),
            new org.apache.hadoop.fs.Path(input + "/flights.parquet"));
    String hdfs = rig.cluster().root() + "/starfire/files";
    String local = rig.directory().resolve("files").toUri().toString();
    String day = "2001-01-01T000000.000Z_2001-01-02T000000.000Z";
    String all = "2001-01-01T000000.000Z_2001-07-02T000000.000Z";

    airportDays("airports-day", input, hdfs, "2001-01-01/P1D");
    assertThat(intervalsOf(hdfs)).containsExactly(day);
    List<String> ofOneDay = airportDaysIn(hdfs);
    assertThat(ofOneDay).isNotEmpty().allMatch(row -> row.contains("2001-01-01"));

    airportDays("airports-hdfs", input, hdfs, FLIGHTS_INTERVAL.toString());
    assertThat(intervalsOf(hdfs)).containsExactly(all);
    List<String> ofAllDays = airportDaysIn(hdfs);
    assertThat(ofAllDays).containsAll(ofOneDay).hasSize(1_988);

    airportDays("airports-local", input, local, FLIGHTS_INTERVAL.toString());
    assertThat(intervalsOf(local)).containsExactly(all);
    assertThat(airportDaysIn(local)).isEqualTo(ofAllDays);
    assertNothingIsLeftOver();
  }

  private static void airportDays(String name, String input, String files, String interval) {
    List<String> arguments =
        List.of(
            AirportDays.class.getName(),
            "--interval",
            interval,
            "--config",
            rig.config().toString(),
            "-D",
            "starfire.sources.flights.batch.paths=" + input,
            "-D",
            "starfire.sources.flights.time.column=date",
            "-D",
            "starfire.files.root=" + files);
    try (JavaProcess run = rig.cluster().submit(name, arguments)) {
      awaitPublished(run);
    }
  }

  /** The intervals that readers see, when nothing waits to be seen. */
  private static List<String> intervalsOf(String root) throws IOException {
    FileSystem files = fileSystemOf(root);
    List<String> found = new ArrayList<>();
    for (String gone : List.of("_runs", "_waiting")) {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(root, gone);
      assertThat(files.exists(path) ? files.listStatus(path) : new FileStatus[0])
          .as(path.toString())
          .isEmpty();
    }
    for (FileStatus each : files.listStatus(new org.apache.hadoop.fs.Path(root, "airport_days"))) {
      found.add(each.getPath().getName());
    }
    return found;
  }

  private static List<String> airportDaysIn(String root) throws IOException {
    FileSystem files = fileSystemOf(root);
    List<String> rows = new ArrayList<>();
    for (FileStatus file :
        files.globStatus(new org.apache.hadoop.fs.Path(root, "airport_days/*/*.parquet"))) {
      try (ParquetRows parquet =
          ParquetRows.open(file.getPath().toString(), column -> true, files.getConf())) {
        for (Map<String, Object> row = parquet.next(); row != null; row = parquet.next()) {
          rows.add(new TreeMap<>(row).toString());
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  private static FileSystem fileSystemOf(String root) throws IOException {
    return new org.apache.hadoop.fs.Path(root).getFileSystem(rig.cluster().fileSystem().getConf());
  }

  private static JavaProcess submit(String name, Path report) {
    List<String> arguments = new ArrayList<>(SPECULATION);
    arguments.addAll(List.of("--report", report.toString()));
    return rig.submit(name, arguments);
  }

  private static long total(JsonNode report, String counter) {
    long total = 0;
    for (JsonNode counters : report.path("jobCounters")) {
      total += counters.path(counter).asLong();
    }
    return total;
  }

  /** All in deep storage belongs to a publication; no directory of a run or of a job is left. */
  private static void assertNothingIsLeftOver() throws IOException {
    assertThat(rig.files(rig.deepStorage()).stream().filter(file -> !file.endsWith("/")))
        .allMatch(
            file -> file.matches("(ad_events|airport_days|flights|own_impressions)/[^./][^/]+"))
        .hasSize(publishedSegments);
    assertThat(rig.leftOver()).isEmpty();
  }

  /** Waits for a run, which must be well, and notes what it says that it has published. */
  private static void awaitPublished(JavaProcess run) {
    assertThat(run.await(RUN_TIME)).as(() -> run.out() + run.err()).isZero();
    System.out.println(run.out());
    Matcher segments = Pattern.compile("(\\d+) segments, \\d+ empty buckets").matcher(run.out());
    assertThat(segments.find()).isTrue();
    publishedSegments += Integer.parseInt(segments.group(1));
  }
}
