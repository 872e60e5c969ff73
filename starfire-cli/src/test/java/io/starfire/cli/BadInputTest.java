package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.flights.Flights;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.index.IncrementalIndex;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bad input is answered with one sentence and the exit code of its kind, and with no more. */
class BadInputTest {
  private static final int RAN_BADLY = 1;
  private static final int USAGE = 2;
  private static final int COULD_NOT_RUN = 3;
  private static final String ADS = AdEvents.class.getName();
  private static final String HOUR = "2026-01-20T10/PT1H";

  @TempDir Path directory;
  private Path config;

  /** A pipeline that nobody can make. */
  public static final class Hidden implements Pipeline {
    private Hidden() {}

    @Override
    public void define(Flow flow) {
      throw new AssertionError("it must not come to this");
    }
  }

  @BeforeEach
  void writeConfig() throws IOException {
    Path advertisers =
        Files.writeString(directory.resolve("ads.csv"), "advertiserId,name,industry\na,A,x\n");
    config =
        Files.writeString(
            directory.resolve("ads.conf"),
            """
            starfire {
              kafka { bootstrap-servers = "127.0.0.1:1", connect-timeout = 500ms }
              sources { impressions.topic = impressions, clicks.topic = clicks }
              lookups.advertisers { file = "%1$s", key-column = advertiserId }
              stream.state-dir = "%2$s/state"
              archive.root = "%2$s/archive"
              batch.work-dir = "%2$s/work"
              server { port = 0, data-dir = "%2$s/server" }
              deep-storage.root = "%2$s/deep"
            }
            """
                .formatted(advertisers, directory));
  }

  @Test
  void aPipelineThatCannotBeMadeIsRefusedByEveryCommand() {
    for (String command : List.of("stream", "archive", "batch")) {
      run(command, "com.example.Nope", "--interval", HOUR)
          .refused(USAGE, "'com.example.Nope' was not found", "check the spelling");
      run(command, Hidden.class.getName(), "--interval", HOUR)
          .refused(USAGE, "Hidden", "a public constructor without arguments");
      run(command, "java.lang.String", "--interval", HOUR)
          .refused(USAGE, "does not implement io.starfire.api.Pipeline");
    }
  }

  @Test
  void anIntervalThatCannotBeRunIsRefused() {
    batch("yesterday").refused(USAGE, "'yesterday' is not an interval", "2026-11-20T10/PT1H");
    batch("2026-01-20T10/2026-01-20T10").refused(USAGE, "is empty");
    batch("2026-01-20T11/2026-01-20T10").refused(USAGE, "must not end before it starts");
    batch("2026-01-20T10:10/PT30M")
        .refused(
            USAGE, "whole segment buckets", "2026-01-20T10:00:00.000Z/2026-01-20T11:00:00.000Z");
    batch("9000-01-20T10/PT1H").refused(COULD_NOT_RUN, "is not over");
  }

  @Test
  void anArchiveThatIsNotCompleteIsNotTakenForWhole() {
    batch(HOUR)
        .refused(COULD_NOT_RUN, "complete for arrivals up to no time at all", "--allow-incomplete");
  }

  @Test
  void aBrokerThatCannotBeReachedIsReportedInTime() {
    for (String command : List.of("stream", "archive")) {
      run(command, ADS)
          .refused(
              COULD_NOT_RUN,
              "no Kafka broker at 127.0.0.1:1 answered within PT0.5S",
              "check starfire.kafka.bootstrap-servers");
    }
  }

  @Test
  void aConfigurationThatIsWrongIsRefused() {
    Said.by("server", "-D", "starfire.stream.latness=5m")
        .refused(USAGE, "starfire.stream.latness", "did you mean starfire.stream.lateness?");
    Said.by("server", "--config", directory + "/none.conf")
        .refused(COULD_NOT_RUN, "there is no configuration file", "none.conf");
    Said.by("stream", ADS).refused(USAGE, "source 'impressions' is not configured");
  }

  @Test
  void wrongUsageIsOneSentenceThatNamesTheHelp() {
    Said.by().refused(USAGE, "Name a command", "'starfire --help'");
    Said.by("explain", ADS).refused(USAGE, "--driver", "'starfire explain --help'");
    Said.by("explain", ADS, "--driver", "batch").refused(USAGE, "--interval");
    Said.by("nope").refused(USAGE, "nope");
    Said.by("batch", ADS, "--interval", HOUR).refused(USAGE, "--config is missing", "--help");
  }

  @Test
  void aParquetFileThatIsCutOffOrHasOtherColumnsIsRefusedByTheBatchDriver() throws IOException {
    byte[] whole;
    try (InputStream in = Flights.class.getResourceAsStream("flights-sample.parquet")) {
      whole = in.readAllBytes();
    }
    Path file = directory.resolve("flights.parquet");
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    flights(file, "origin").refused(COULD_NOT_RUN, "flights.parquet cannot be read", "cut off");
    Files.write(file, whole);
    flights(file, "departure")
        .refused(
            USAGE,
            "flights.parquet lacks the columns [departure], which Flight needs",
            "it has [date, delay, distance, origin, destination]");
    // The whole file with its own columns: it is only the coordinator that is missing here.
    flights(file, "origin").refused(COULD_NOT_RUN, "coordinator");
  }

  private static Said flights(Path file, String originColumn) {
    Path conf = Path.of("..", "conf");
    return Said.by(
        "batch",
        Flights.class.getName(),
        "--interval",
        "2001-01-01/P1D",
        "--config",
        conf.resolve("flights.conf").toString(),
        "-Dstarfire.lookups.airports.file=" + conf.resolve("airports.csv"),
        "-Dstarfire.sources.flights.batch.paths=" + file,
        "-Dstarfire.sources.flights.fields.origin=" + originColumn,
        "-Dstarfire.server.coordinator-url=http://127.0.0.1:1");
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      run("server", "-D", "starfire.server.port=" + port)
          .refused(COULD_NOT_RUN, "port " + port, "is in use", "starfire.server.port");
      Said.by("demo", "--dir", directory + "/demo", "--port", port)
          .refused(COULD_NOT_RUN, "port " + port, "in use", "--port");
    }
  }

  @Test
  void twoDemosInOneDirectoryAreOneTooMany() throws IOException {
    Path lockFile = directory.resolve(".starfire-demo.lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      Said.by("demo", "--dir", directory.toString())
          .refused(COULD_NOT_RUN, "another demonstration runs in", "--dir");
      assertThat(directory.resolve("kafka")).doesNotExist();
    }
  }

  @Test
  void aDamagedSegmentEndsTheCheckWithOne() throws IOException {
    Path file = directory.resolve("segment");
    Interval hour = Interval.parse(HOUR);
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "hits",
                List.of(),
                List.of(new MetricSpec("hits", Aggregation.COUNT)),
                Granularity.HOUR,
                Granularity.MINUTE,
                true));
    index.add(new DataRow(hour.startMillis(), new Object[0], new long[1], new boolean[1]));
    try (var rows = index.sortedSnapshot()) {
      SegmentWriter.write(rows, hour, file);
    }
    assertThat(Said.by("segment", "check", file.toString()))
        .extracting(Said::exitCode, Said::err)
        .containsExactly(0, "");

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Said check = Said.by("segment", "check", file.toString());
    assertThat(check.exitCode()).isEqualTo(RAN_BADLY);
    assertThat(check.err()).isEmpty();
    assertThat(check.out()).contains("is damaged", "deep storage").doesNotContain("\tat ");
    Said.by("segment", "info", file.toString()).refused(COULD_NOT_RUN, "is damaged");
    Said.by("segment", "check", directory + "/none")
        .refused(COULD_NOT_RUN, "there is no segment file");
  }

  @Test
  void aToolWithoutItsFileOrServerSaysWhatIsMissing() {
    Said.by("query", directory + "/none.json")
        .refused(COULD_NOT_RUN, "there is no query file", "none.json");
    Said.by("publication", "list", "--server", "http://127.0.0.1:1")
        .refused(COULD_NOT_RUN, "no Starfire server answers at http://127.0.0.1:1/", "--server");
    Said.by("publication", "list", "--server", "here")
        .refused(USAGE, "'here' is not the address of a server");
  }

  @Test
  void verboseShowsWhere() {
    Said said = Said.by("explain", "com.example.Nope", "--driver", "stream", "--verbose");
    assertThat(said.exitCode()).isEqualTo(USAGE);
    assertThat(said.err()).contains("was not found", "\tat io.starfire.");
  }

  @Test
  void theStreamIsExplainedWithTheApplicationIdThatItHas() {
    Said said = run("explain", ADS, "--driver", "stream");
    assertThat(said.exitCode()).isZero();
    assertThat(said.out()).containsPattern("(?m)^application starfire-ad-events-[0-9a-f]{8}$");
  }

  private Said batch(String interval) {
    return run("batch", ADS, "--interval", interval);
  }

  /** Runs with the configuration; only batch knows --interval among the daemons and batch. */
  private Said run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--interval") && !command.equals("batch")) {
        i++;
      } else {
        all.add(arguments[i]);
      }
    }
    all.addAll(List.of("--config", config.toString()));
    return Said.by(all.toArray(String[]::new));
  }
}
