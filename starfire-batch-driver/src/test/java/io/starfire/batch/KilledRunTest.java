package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.protocol.PublicationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that is killed, as a process of its own, and the processes that come after it. */
@Tag("long")
class KilledRunTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT3H");
  private static final Map<String, String> NAMES = Map.of("a", "Anna", "b", "Bert", "c", "Carl");
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);

  /** Where the run is when it is killed. */
  enum Point {
    BEFORE_ITS_JOBS("POST /versions", false),
    BEFORE_IT_IS_REGISTERED("POST /publications", false),
    BEFORE_IT_KNOWS_THAT_IT_IS_REGISTERED("POST /publications", true);

    private final String request;
    private final boolean done;

    Point(String request, boolean done) {
      this.request = request;
      this.done = done;
    }
  }

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private AdEvents events;
  private Path configuration;
  private int processes;

  @BeforeEach
  void start() throws IOException {
    System.out.println("seed " + SEED);
    coordinator = new FakeCoordinator();
    events = AdEvents.random(SEED, INTERVAL, 200);
    Files.writeString(directory.resolve("advertisers.csv"), "id,name\na,Anna\nb,Bert\nc,Carl\n");
    InputFiles.lines(
        directory.resolve("views.json"), events.views().stream().map(InputFiles::json).toList());
    InputFiles.lines(
        directory.resolve("clicks.json"), events.clicks().stream().map(InputFiles::json).toList());
    Files.createDirectory(directory.resolve("tmp"));
    configuration = directory.resolve("starfire.conf");
    Files.write(
        configuration,
        List.of(
            "starfire.batch.work-dir = \"%s/work\"".formatted(directory),
            "starfire.deep-storage.root = \"%s/deep\"".formatted(directory),
            "starfire.server.coordinator-url = \"%s\"".formatted(coordinator.url()),
            "starfire.lookups.advertisers.file = \"%s/advertisers.csv\"".formatted(directory),
            "starfire.sources.views.batch.paths = [\"%s/views.json\"]".formatted(directory),
            "starfire.sources.clicks.batch.paths = [\"%s/clicks.json\"]".formatted(directory)));
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatItLeavesIsFoundAndNothingIsPublishedTwice(Point point) throws Exception {
    FakeCoordinator.Gate gate = new FakeCoordinator.Gate(point.request, point.done);
    coordinator.gate.set(gate);
    Process killed = batch(AdPipeline.class.getName(), "--interval", INTERVAL.toString());
    assertThat(gate.arrived().await(60, TimeUnit.SECONDS)).as(output(killed)).isTrue();
    killed.destroyForcibly().waitFor();
    coordinator.gate.set(null);
    gate.opened().countDown();
    assertThat(directoriesOfRuns()).hasSize(3);
    boolean waits = point != Point.BEFORE_ITS_JOBS;
    assertThat(unpublished()).hasSize(waits ? 1 : 0);
    List<Path> segmentsOfKilled = segments();

    // It may be alive, for all that anybody can tell.
    assertThat(ended(batch("clean", "--unpublished"))).contains("0 directories of dead runs");
    assertThat(directoriesOfRuns()).hasSize(3);
    assertThat(segments()).isEqualTo(segmentsOfKilled);

    age();
    assertThat(ended(batch(AdPipeline.class.getName(), "--interval", INTERVAL.toString())))
        .contains("left behind by a run that died", "is ACTIVE");
    assertThat(directoriesOfRuns()).isEmpty();
    assertThat(unpublished()).hasSize(waits ? 1 : 0);

    assertThat(ended(batch("clean", "--unpublished"))).contains(said(point));
    assertThat(directory.resolve("deep/unpublished-runs")).isEmptyDirectory();
    boolean registered = point == Point.BEFORE_IT_KNOWS_THAT_IT_IS_REGISTERED;
    assertThat(coordinator.publications).hasSize(registered ? 2 : 1);
    assertThat(coordinator.publications.stream().map(PublicationRequest::id))
        .doesNotHaveDuplicates();
    long published = 0;
    for (PublicationRequest each : coordinator.publications) {
      published += each.segments().stream().filter(segment -> !segment.tombstone()).count();
      assertThat(StoredRows.read(directory.resolve("deep"), each.segments()))
          .isEqualTo(events.expected(INTERVAL, NAMES));
    }
    assertThat(segments()).hasSize((int) published);
  }

  private static String said(Point point) {
    return switch (point) {
      case BEFORE_ITS_JOBS -> "0 directories of dead runs deleted";
      case BEFORE_IT_IS_REGISTERED -> "with its segments";
      case BEFORE_IT_KNOWS_THAT_IT_IS_REGISTERED -> "; its segments stay";
    };
  }

  private Process batch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory.resolve("tmp"),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", configuration.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output-" + processes++).toFile())
        .start();
  }

  private String ended(Process process) throws Exception {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(output(process)).isTrue();
    String output = output(process);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /** Of the process that was started last. */
  private String output(Process process) throws IOException {
    return process + Files.readString(directory.resolve("output-" + (processes - 1)));
  }

  private List<Path> directoriesOfRuns() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String parent : List.of("work", "deep", "tmp")) {
      try (Stream<Path> children = Files.list(directory.resolve(parent))) {
        found.addAll(
            children.filter(child -> child.getFileName().toString().contains("run-")).toList());
      }
    }
    return found;
  }

  private List<Path> unpublished() throws IOException {
    Path parent = directory.resolve("deep/unpublished-runs");
    if (!Files.exists(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private List<Path> segments() throws IOException {
    Path parent = directory.resolve("deep/ads");
    if (!Files.exists(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files.sorted().toList();
    }
  }

  /** As if nobody had touched anything for a while. */
  private void age() throws IOException {
    long past = DeadRuns.DEAD_AFTER.plusMinutes(1).toMillis();
    for (String parent : List.of("work", "deep", "tmp")) {
      try (Stream<Path> files = Files.walk(directory.resolve(parent))) {
        for (Path file : files.toList()) {
          Instant modified = Files.getLastModifiedTime(file).toInstant();
          Files.setLastModifiedTime(file, FileTime.from(modified.minusMillis(past)));
        }
      }
    }
  }
}
