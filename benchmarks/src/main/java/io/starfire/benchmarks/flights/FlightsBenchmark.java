package io.starfire.benchmarks.flights;

import io.starfire.archive.ArchiveLayout;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.jobs.flights.Flights;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Flights from a Parquet file through Kafka and the stream driver into a running server, then by
 * the batch driver from the file and from the archive, all as processes of their own. After each,
 * the numbers of each month and each of the busiest origins must be those of DuckDB.
 */
@Command(
    name = "flights",
    description = {
      "Real flights through the stream driver and, twice, the batch driver, compared with DuckDB.",
      "Exit code 1 if any number differs."
    },
    mixinStandardHelpOptions = true)
public final class FlightsBenchmark implements Callable<Integer> {
  private static final String PIPELINE = Flights.class.getName();
  private static final String INTERVAL = "2001-01-01/2001-07-02";
  private static final int BUSIEST = 20;
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SAY = Duration.ofSeconds(5);

  @Option(
      names = "--parquet",
      required = true,
      paramLabel = "FILE",
      description =
          "Columns date, delay, distance, origin, destination: flights-3m.parquet, or the sample in "
              + "jobs/src/main/resources.")
  private Path file;

  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description =
          "For all data and logs; must be empty. Default: a temporary one, deleted at the end.")
  private Path given;

  @Spec private CommandSpec spec;

  private final InstantSource clock = InstantSource.system();
  private final List<String> table = new ArrayList<>();
  private final Map<String, Double> cpuSeconds = new LinkedHashMap<>();
  private PrintWriter out;
  private Path directory;
  private Processes processes;
  private StarfireServer server;
  private List<String> origins;
  private Map<Cell, Numbers> expected;
  private long rows;
  private boolean allEqual = true;
  private List<String> settings;

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    if (!Files.isRegularFile(file)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND, "there is no file %s; name one with --parquet".formatted(file));
    }
    file = file.toAbsolutePath();
    directory =
        given == null
            ? Files.createTempDirectory("starfire-flights-")
            : Files.createDirectories(given).toAbsolutePath();
    Path home = Path.of(System.getProperty("starfire.home", "")).toAbsolutePath();
    try (Processes all = new Processes(directory, home)) {
      processes = all;
      runAll(home);
    } finally {
      if (given == null) {
        deleteDirectory();
      }
    }
    out.println();
    out.println("| version | rows | seconds | rows/s | query, ms | months and origins equal |");
    out.println("|---|---|---|---|---|---|");
    table.forEach(out::println);
    out.println();
    out.println("| process | CPU seconds |");
    out.println("|---|---|");
    cpuSeconds.forEach((name, used) -> out.printf(Locale.ROOT, "| %s | %.0f |%n", name, used));
    out.println(allEqual ? "All numbers are equal." : "Some numbers differ; see above.");
    out.flush();
    return allEqual ? 0 : 1;
  }

  private void runAll(Path home) {
    askDuckDb();
    startServers(home);
    long startNanos = System.nanoTime();
    realtime(startNanos);
    handOff(startNanos);
    batch("batch, from the Parquet file", List.of("starfire.sources.flights.batch.paths=" + file));
    awaitArchive();
    batch("batch, from the archive", List.of());
    processes.cpuTimes().forEach((name, used) -> cpuSeconds.put(name, used.toMillis() / 1e3));
  }

  private void askDuckDb() {
    long startNanos = System.nanoTime();
    try (DuckDb duck = new DuckDb(file)) {
      rows = duck.rows();
      origins = duck.busiest(BUSIEST);
      long queryNanos = System.nanoTime();
      expected = duck.numbers(origins);
      double millis = (System.nanoTime() - queryNanos) / 1e6;
      say("DuckDB: %,d rows; the busiest origins: %s", rows, String.join(" ", origins));
      row("DuckDB on the Parquet file", rows, seconds(startNanos), millis, "-");
    }
  }

  private void startServers(Path home) {
    int kafkaPort = freePort();
    int serverPort = freePort();
    server = new StarfireServer(serverPort);
    settings = new ArrayList<>(List.of("--config", home.resolve("conf/flights.conf").toString()));
    set("starfire.kafka.bootstrap-servers", "127.0.0.1:" + kafkaPort);
    set("starfire.server.port", Integer.toString(serverPort));
    set("starfire.server.coordinator-url", "http://127.0.0.1:" + serverPort);
    set("starfire.server.data-dir", directory.resolve("server").toString());
    set("starfire.stream.state-dir", directory.resolve("stream").toString());
    set("starfire.stream.port", "0");
    set("starfire.archive.root", directory.resolve("archive").toString());
    set("starfire.archive.port", "0");
    set("starfire.batch.work-dir", directory.resolve("batch").toString());
    set("starfire.deep-storage.root", directory.resolve("deep").toString());
    set("starfire.lookups.airports.file", home.resolve("conf/airports.csv").toString());
    // Ranges of a partition become segments, and are handed over, while others are still read.
    set("starfire.realtime.hand-off-rows", "400000");
    set("starfire.realtime.hand-off-period", "1m");
    processes.start(
        "kafka",
        List.of("kafka", "--dir", directory.resolve("kafka").toString(), "--port", "" + kafkaPort));
    await("the broker", () -> processes.said("kafka").contains("Kafka answers"));
    processes.start("server", arguments("server"));
    await("the server", server::isUp);
    processes.run("create-topic", replay("--limit", "0"));
    processes.start("stream", arguments("stream", PIPELINE));
    processes.start("archive", arguments("archive", PIPELINE));
    await("the stream", () -> processes.said("stream").contains("runs as"));
    await("the archiver", () -> processes.said("archive").contains("Archiving"));
  }

  private void realtime(long startNanos) {
    say("Replaying %s at full speed.", file.getFileName());
    processes.run("replay", replay());
    row("replay into Kafka", rows, seconds(startNanos), Double.NaN, "-");
    await(
        "all rows in the real-time version",
        () -> {
          long flights = server.flights();
          if (flights > rows) {
            throw new StarfireException(
                ErrorCode.WRONG_RESULT, "%,d of %,d rows are there".formatted(flights, rows));
          }
          sayNowAndThen("%,d of %,d rows can be queried", flights, rows);
          return flights == rows;
        });
    compare("real-time, since the replay began", seconds(startNanos));
  }

  private void handOff(long startNanos) {
    await(
        "all rows to be handed over to the historical",
        () -> {
          StarfireServer.Shown shown = server.shown();
          sayNowAndThen("%,d rows in %,d real-time segments", shown.rows(), shown.segments());
          return shown.rows() == rows;
        });
    say("The real-time version is stored: %,d segments.", server.shown().segments());
    compare("real-time, handed over", seconds(startNanos));
  }

  private void batch(String name, List<String> more) {
    say("Batch run: %s.", name);
    List<String> arguments = new ArrayList<>(arguments("batch", PIPELINE, "--interval", INTERVAL));
    more.forEach(setting -> arguments.addAll(List.of("-D", setting)));
    String log = "batch-" + (more.isEmpty() ? "archive" : "parquet");
    TreeMap<String, Object> before = new TreeMap<>();
    before.put("versions", server.shown().versions());
    long startNanos = System.nanoTime();
    processes.run(log, arguments);
    double seconds = seconds(startNanos);
    StarfireServer.Shown shown = server.shown();
    boolean replaced =
        shown.versions().size() == 1
            && !before.containsValue(shown.versions())
            && !shown.kinds().contains("realtime");
    if (!replaced) {
      allEqual = false;
      say("The batch version does not show: %s", shown);
    }
    compare(name, seconds);
  }

  /** Until all that was sent before now is listed. */
  private void awaitArchive() {
    long now = clock.millis();
    Path marks = directory.resolve("archive").resolve(ArchiveLayout.COMPLETE);
    await("the archive to be complete", () -> latestMark(marks) >= now);
  }

  private static long latestMark(Path marks) {
    if (!Files.isDirectory(marks)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(marks)) {
      return files
          .map(mark -> mark.getFileName().toString())
          .filter(ArchiveLayout::isListed)
          .mapToLong(ArchiveLayout::numberOf)
          .max()
          .orElse(-1);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "the archive cannot be read: " + e, e);
    }
  }

  private void compare(String name, double seconds) {
    Map<Cell, Numbers> found = server.numbers(origins);
    long differing =
        expected.entrySet().stream()
            .filter(cell -> !cell.getValue().equals(found.get(cell.getKey())))
            .peek(
                cell ->
                    say(
                        "%s: DuckDB has %s, Starfire %s",
                        cell.getKey(), cell.getValue(), found.get(cell.getKey())))
            .count();
    boolean equal = differing == 0 && found.size() == expected.size() && server.flights() == rows;
    allEqual &= equal;
    row(
        name,
        server.flights(),
        seconds,
        server.lastMillis(),
        "%d of %d%s"
            .formatted(expected.size() - differing, expected.size(), equal ? "" : " (WRONG)"));
  }

  private void row(String name, long count, double seconds, double millis, String equal) {
    String query = Double.isNaN(millis) ? "-" : String.format(Locale.ROOT, "%.0f", millis);
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %,d | %.1f | %,.0f | %s | %s |",
            name,
            count,
            seconds,
            count / seconds,
            query,
            equal);
    table.add(line);
    say("%s", line);
  }

  private List<String> replay(String... more) {
    List<String> arguments = arguments("replay", file.toString(), "--source", Flights.FLIGHTS);
    arguments.addAll(List.of(more));
    return arguments;
  }

  private List<String> arguments(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(settings);
    return arguments;
  }

  private void set(String key, String value) {
    settings.addAll(List.of("-D", key + "=" + value));
  }

  private void await(String what, BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      processes.check();
      if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT, "waited %s for %s in vain".formatted(LIMIT, what));
      }
      LockSupport.parkNanos(LOOK.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new StarfireException(ErrorCode.CANCELED, "interrupted while waiting for " + what);
      }
    }
  }

  private long saidNanos = System.nanoTime();

  private void sayNowAndThen(String format, Object... arguments) {
    if (System.nanoTime() - saidNanos > SAY.toNanos()) {
      saidNanos = System.nanoTime();
      say(format, arguments);
    }
  }

  private void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "there is no free port: " + e, e);
    }
  }

  private void deleteDirectory() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
