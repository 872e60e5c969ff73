package io.starfire.batch.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.batch.FakeCoordinator;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.protocol.PublicationRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.format.SegmentReader;
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
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, from the command line to the publication, against sums over plain lists. */
class IndexRunTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
  private static final long SEED = Long.getLong("starfire.seed", 20261121L);
  private static final String CSV = "{\"type\":\"csv\",\"findColumnsFromHeader\":true}";
  private static final String DIMENSIONS = "{\"dimensions\":[\"shop\",\"item\"]}";
  private static final String INTERVALS = "\"intervals\":[\"2026-11-01/2026-11-04\"],";

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator();
    Files.createDirectory(directory.resolve("temporary"));
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void aFileBecomesOnePublicationOfAllItsIntervalsAndWhatIsNoRowIsCounted() throws IOException {
    Path csv =
        write(
            "sales.csv",
            "time,shop,item,amount",
            "2026-11-01T10:00:00Z,north,tea,3",
            "2026-11-03T23:59:59.999Z,south,tea,4",
            "",
            "yesterday,south,tea,5",
            "2026-11-04T00:00:00Z,south,tea,6",
            "2026-11-01,north,\"green, loose\",7",
            "2026-11-01,north",
            "2026-11-03,south,tea,many");

    assertThat(index(spec(CSV, DIMENSIONS, INTERVALS, "{}"), csv)).isZero();

    PublicationRequest published = coordinator.publications.get(0);
    assertThat(published.intervals()).containsExactly(Interval.parse("2026-11-01/2026-11-04"));
    assertThat(published.segments())
        .extracting(SegmentDescriptor::tombstone)
        .containsExactly(false, true, false);
    assertThat(sums(published))
        .isEqualTo(Map.of("north|tea", 3L, "south|tea", 4L, "north|green, loose", 7L));
    assertThat(text(out))
        .contains("3 rows indexed in")
        .contains("undecodable: 2 rows; the first:")
        .contains(csv + ":8: ", csv + ":9: ")
        .contains("bad time: 1 rows; the first:")
        .contains(csv + ":5: the time in field 'time' must be")
        .contains("outside intervals: 1 rows; the first:")
        .contains(
            csv + ":6: its time 2026-11-04T00:00:00.000Z is outside the intervals of the spec")
        .contains("is ACTIVE");
  }

  @Test
  void aDryRunSaysWhatWouldBePublishedAndPublishesNothing() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");

    assertThat(index(spec(CSV, DIMENSIONS, INTERVALS, "{}"), csv, "--dry-run")).isZero();

    assertThat(coordinator.publications).isEmpty();
    assertThat(text(out))
        .contains("1 rows indexed in")
        .containsPattern("1 segments with [\\d,]+ bytes would be published in \\[2026-11-01T");
    assertNothingIsLeft();
  }

  @Test
  void limitsOnMemoryAndSegmentsChangeTheFilesAndNotTheRows() throws IOException {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    List<String> lines = new ArrayList<>(List.of("time,shop,item,amount"));
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      String shop = "shop" + random.nextInt(50);
      String item = "item" + random.nextInt(3_000);
      long amount = random.nextInt(1_000);
      lines.add("2026-11-0%d,%s,%s,%d".formatted(1 + random.nextInt(3), shop, item, amount));
      expected.merge(shop + "|" + item, amount, Long::sum);
    }
    Path csv = write("sales.csv", lines.toArray(String[]::new));
    Path spec =
        spec(
            CSV,
            DIMENSIONS,
            INTERVALS,
            "{\"type\":\"index_parallel\",\"maxRowsInMemory\":1500,\"partitionsSpec\":{\"type\":\"dynamic\",\"maxRowsPerSegment\":2500}}");

    assertThat(index(spec, csv)).isZero();

    PublicationRequest published = coordinator.publications.get(0);
    assertThat(sums(published)).isEqualTo(expected);
    assertThat(published.segments()).hasSizeBetween(8, 10).noneMatch(SegmentDescriptor::tombstone);
    for (Interval day :
        List.of(Interval.parse("2026-11-01/P1D"), Interval.parse("2026-11-03/P1D"))) {
      List<SegmentDescriptor> shards =
          published.segments().stream().filter(s -> s.id().interval().equals(day)).toList();
      assertThat(shards).allMatch(shard -> shard.corePartitions() == shards.size());
      assertThat(shards)
          .extracting(shard -> shard.id().partition())
          .containsExactlyElementsOf(Stream.iterate(0, n -> n + 1).limit(shards.size()).toList());
      assertThat(shards).allMatch(shard -> shard.rowCount() <= 2500);
    }
    assertNothingIsLeft();
  }

  @Test
  void withoutDimensionsAndIntervalsBothAreFoundInTheData() throws IOException {
    Path json = directory.resolve("in").resolve("sales.json.gz");
    Files.createDirectories(json.getParent());
    try (PrintStream lines =
        new PrintStream(
            new GZIPOutputStream(Files.newOutputStream(json)), false, StandardCharsets.UTF_8)) {
      lines.println("{\"time\":\"2026-11-01\",\"shop\":\"north\",\"amount\":1}");
      lines.println("{\"time\":\"2026-11-05\",\"shop\":\"south\",\"item\":\"tea\",\"amount\":2}");
    }

    assertThat(index(spec("{\"type\":\"json\"}", "{}", "", "{}"), json.getParent())).isZero();

    PublicationRequest published = coordinator.publications.get(0);
    assertThat(published.intervals())
        .containsExactly(Interval.parse("2026-11-01/P1D"), Interval.parse("2026-11-05/P1D"));
    assertThat(sums(published)).isEqualTo(Map.of("north|null", 1L, "south|tea", 2L));
    assertThat(text(out)).contains("2 dimensions: shop, item");
  }

  @Test
  void bothReadingsGiveARecordTheSameVerdictSoThatNoColumnIsLost() throws IOException {
    Path json =
        write(
            "sales.json",
            "{\"time\":\"2026-11-01\",\"shop\":\"north\",\"\":\"x\",\"item\":\"tea\",\"amount\":1}",
            "{\"time\":\"2026-11-01\",\"shop\":\"south\",\"amount\":2}",
            "{\"time\":\"2026-11-02\",\"item\":\"tea\",\"amount\":4}");

    assertThat(index(spec("{\"type\":\"json\"}", "{}", INTERVALS, "{}"), json)).isZero();

    assertThat(sums(coordinator.publications.get(0)))
        .isEqualTo(Map.of("south|null", 2L, "null|tea", 4L));
    assertThat(text(out))
        .contains("2 rows indexed in")
        .contains("undecodable: 1 rows; the first:")
        .contains(json + ":1: the name of a field that becomes a dimension must have 1 to 1000");
  }

  @Test
  void rowsTooFarInTheFutureAreCountedAndMoveNothing() throws IOException {
    Path csv =
        write(
            "sales.csv",
            "time,shop,item,amount",
            "2026-11-01,north,tea,3",
            "9999-12-31,north,tea,4",
            "2999-01-01,north,tea,5",
            "2026-11-22T00:00:00.001Z,north,tea,6",
            "2026-11-21T12:00Z,north,tea,7",
            "2026-11-20T23:59:59.999Z,south,tea,8");

    assertThat(index(spec(CSV, DIMENSIONS, "", "{}"), csv)).isZero();

    PublicationRequest published = coordinator.publications.get(0);
    assertThat(published.intervals())
        .containsExactly(Interval.parse("2026-11-01/P1D"), Interval.parse("2026-11-20/P1D"));
    assertThat(sums(published)).isEqualTo(Map.of("north|tea", 3L, "south|tea", 8L));
    assertThat(text(out))
        .contains("bad time: 3 rows; the first:")
        .contains(csv + ":3: the row's time 9999-12-31T00:00:00.000Z is further ahead of the clock")
        .contains("outside intervals: 1 rows; the first:")
        .contains(csv + ":6: its time 2026-11-21T12:00:00.000Z is in 2026-11-21")
        .contains("which is not over; index that interval when it is over");
  }

  @Test
  void aRowThatIsLeftOutForItsTimeAddsNoColumn() throws IOException {
    String row = "{\"time\":\"2026-11-01\",\"shop\":\"north\",\"item\":\"tea\",\"amount\":1}";
    Path json =
        write(
            "sales.json",
            "{\"time\":\"9999-01-01\",\"future\":\"x\"}",
            "{\"time\":\"2026-11-21T12:00Z\",\"open\":\"x\"}",
            row);

    assertThat(index(spec("{\"type\":\"json\"}", "{}", "", "{}"), json)).isZero();

    assertThat(text(out)).contains("2 dimensions: shop, item\n");

    Path outside = write("outside.json", "{\"time\":\"2026-11-05\",\"outside\":\"x\"}", row);
    assertThat(index(spec("{\"type\":\"json\"}", "{}", INTERVALS, "{}"), outside)).isZero();

    assertThat(coordinator.publications)
        .hasSize(2)
        .flatExtracting(PublicationRequest::schemas)
        .flatExtracting(DataSourceSchema::dimensions)
        .extracting(DimensionSpec::name)
        .containsExactly("shop", "item", "shop", "item");
  }

  @Test
  void anIntervalThatIsNotOverIsRefused() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    String open = "\"intervals\":[\"2026-11-01/2026-11-22\"],";

    assertThat(index(spec(CSV, DIMENSIONS, open, "{}"), csv)).isEqualTo(3);

    assertThat(text(err))
        .contains("granularitySpec.intervals: 2026-11-01")
        .contains("is not over, it is 2026-11-21T00:00:00.000Z");
    assertThat(coordinator.publications).isEmpty();
    assertThat(coordinator.versionRequests).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void aHeldPublicationIsWhatWasAskedFor() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");

    assertThat(index(spec(CSV, DIMENSIONS, INTERVALS, "{}"), csv, "--hold")).isZero();

    assertThat(coordinator.publications.get(0).hold()).isTrue();
    assertThat(text(out)).contains("is STAGED: it is held, as asked");
  }

  @Test
  void filesThatHoldNoRowPublishNothing() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2025-11-01,north,tea,3");

    assertThat(index(spec(CSV, DIMENSIONS, INTERVALS, "{}"), csv)).isEqualTo(3);

    assertThat(coordinator.publications).isEmpty();
    assertThat(text(err))
        .isEqualTo(
            "starfire index: no row of %s could be indexed, and nothing was published; the first of 1 that were left out: %s:2: its time 2025-11-01T00:00:00.000Z is outside the intervals of the spec\n"
                .formatted(csv, csv));
    assertNothingIsLeft();
  }

  @Test
  void moreUnreadableRecordsThanTheSpecAllowsPublishNothing() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3", "x", "y");

    int code = index(spec(CSV, DIMENSIONS, INTERVALS, "{\"maxParseExceptions\":1}"), csv);

    assertThat(code).isEqualTo(1);
    assertThat(coordinator.publications).isEmpty();
    assertThat(text(err))
        .contains("2 records cannot be read as rows, more than tuningConfig.maxParseExceptions (1)")
        .contains(csv + ":4: ");
    assertNothingIsLeft();
  }

  @Test
  void anInterruptEndsTheRunAndLeavesNothing() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    Path spec = spec(CSV, DIMENSIONS, "", "{}");
    Thread.currentThread().interrupt();
    int code = index(spec, csv);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(3);
    assertThat(coordinator.publications).isEmpty();
    assertThat(text(err)).contains("interrupted");
    assertNothingIsLeft();
  }

  @Test
  void aTruncatedPackedFilePublishesNothing() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("time,shop,item,amount\n".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 1000; i++) {
        gzip.write(
            "2026-11-01,n%d,tea,%d\n".formatted(i * 7919, i).getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = directory.resolve("sales.csv.gz");
    Files.write(file, java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2));

    assertThat(index(spec(CSV, DIMENSIONS, INTERVALS, "{}"), file)).isEqualTo(3);

    assertThat(text(err)).contains(file + " is not a whole gzip file");
    assertThat(coordinator.publications).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void whatCannotBeDoneIsSaidInASentence() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    Path good = spec(CSV, DIMENSIONS, INTERVALS, "{}");

    assertRefused(2, "--spec is missing; --help shows the usage", csv.toString());
    assertRefused(
        3, "spec nowhere.json: there is no such file", csv.toString(), "--spec", "nowhere.json");
    assertRefused(
        3,
        "there is no file missing.csv; check the path, which is on this machine",
        "missing.csv",
        "--spec",
        good.toString());
    assertRefused(
        2,
        "file %s is named twice, and its rows would count twice".formatted(csv),
        csv.toString(),
        csv.toString(),
        "--spec",
        good.toString());
    assertRefused(2, "option --fast is not known", csv.toString(), "--fast");
    Path unaligned = spec(CSV, DIMENSIONS, "\"intervals\":[\"2026-11-01T10/2026-11-02\"],", "{}");
    assertRefused(
        2,
        "granularitySpec.intervals: 2026-11-01T10:00:00.000Z/2026-11-02T00:00:00.000Z is not made"
            + " of whole segments of data source 'sales' (day), which are replaced as a whole; use"
            + " 2026-11-01T00:00:00.000Z/2026-11-02T00:00:00.000Z",
        csv.toString(),
        "--spec",
        unaligned.toString());
    assertThat(coordinator.publications).isEmpty();
  }

  @Test
  void aCoordinatorThatDoesNotAnswerIsNamed() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    Path spec = spec(CSV, DIMENSIONS, INTERVALS, "{}");
    coordinator.close();

    assertThat(index(spec, csv)).isEqualTo(3);

    assertThat(text(err)).contains("no Starfire server answers at http://");
    assertNothingIsLeft();
  }

  @Test
  void aCoordinatorThatIsAwayForAWhileAfterTheWorkCostsNothing() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    coordinator.cutVersions.set(2);

    assertThat(index(spec(CSV, DIMENSIONS, "", "{}"), csv)).isZero();

    assertThat(text(out)).contains("sales has no version yet: ", "; asking again for up to ");
    assertThat(sums(coordinator.publications.get(0))).isEqualTo(Map.of("north|tea", 3L));
  }

  @Test
  void theWaitForAVersionEndsWithTheActivationTimeout() throws IOException {
    Path csv = write("sales.csv", "time,shop,item,amount", "2026-11-01,north,tea,3");
    coordinator.cutVersions.set(Integer.MAX_VALUE);

    int code =
        index(spec(CSV, DIMENSIONS, "", "{}"), csv, "-Dstarfire.batch.activation-timeout=0s");

    assertThat(code).isEqualTo(3);
    assertThat(coordinator.publications).isEmpty();
    assertNothingIsLeft();
  }

  private void assertRefused(int code, String message, String... arguments) {
    err.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(settings());
    assertThat(IndexMain.run(all, print(out), print(err), CLOCK)).isEqualTo(code);
    assertThat(text(err)).contains(message);
  }

  private int index(Path spec, Path input, String... more) {
    List<String> arguments = new ArrayList<>(List.of(input.toString(), "--spec", spec.toString()));
    arguments.addAll(settings());
    arguments.addAll(List.of(more));
    return IndexMain.run(arguments, print(out), print(err), CLOCK);
  }

  private List<String> settings() {
    return List.of(
        "--temporary-dir",
        directory.resolve("temporary").toString(),
        "-Dstarfire.server.coordinator-url=" + coordinator.url(),
        "-Dstarfire.deep-storage.root=" + directory.resolve("deep"));
  }

  private Path spec(String format, String dimensions, String intervals, String tuning)
      throws IOException {
    Path file = Files.createTempFile(directory, "spec", ".json");
    return Files.writeString(
        file,
        """
        {"type":"index_parallel","spec":{
          "dataSchema":{"dataSource":"sales",
            "timestampSpec":{"column":"time","format":"iso"},
            "dimensionsSpec":%s,
            "metricsSpec":[{"type":"count","name":"rows"},
              {"type":"longSum","name":"total","fieldName":"amount"}],
            "granularitySpec":{%s "segmentGranularity":"DAY","queryGranularity":"NONE","rollup":false}},
          "ioConfig":{"type":"index_parallel","inputFormat":%s},
          "tuningConfig":%s}}
        """
            .formatted(
                dimensions,
                intervals,
                format,
                tuning.equals("{}") || tuning.contains("\"type\"")
                    ? tuning.replace("{}", "{\"type\":\"index_parallel\"}")
                    : tuning.replaceFirst("\\{", "{\"type\":\"index_parallel\",")));
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), List.of(lines));
  }

  private Map<String, Long> sums(PublicationRequest published) {
    Map<String, Long> sums = new TreeMap<>();
    for (SegmentDescriptor segment : published.segments()) {
      if (!segment.tombstone()) {
        Path file = directory.resolve("deep").resolve(segment.path());
        try (SegmentReader reader = SegmentReader.open(file)) {
          reader.verify();
          addTo(sums, reader);
        }
      }
    }
    return sums;
  }

  private static void addTo(Map<String, Long> sums, SegmentReader reader) {
    for (int row = 0; row < reader.rowCount(); row++) {
      long[] total = new long[1];
      ((LongColumn) reader.column("total")).read(row, 1, total);
      String key = text(reader, "shop", row) + "|" + text(reader, "item", row);
      sums.merge(key, total[0], Long::sum);
    }
  }

  private static String text(SegmentReader reader, String column, int row) {
    StringColumn strings = (StringColumn) reader.column(column);
    int[] id = new int[1];
    strings.readIds(row, 1, id);
    return strings.value(id[0]);
  }

  /** Neither in the temporary directory, nor, if nothing was published, in deep storage. */
  private void assertNothingIsLeft() throws IOException {
    assertThat(directory.resolve("temporary")).isEmptyDirectory();
    if (coordinator.publications.isEmpty() && Files.exists(directory.resolve("deep"))) {
      try (Stream<Path> found = Files.walk(directory.resolve("deep"))) {
        assertThat(found.filter(Files::isRegularFile)).isEmpty();
      }
    }
  }

  private static PrintStream print(ByteArrayOutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream printed) {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
