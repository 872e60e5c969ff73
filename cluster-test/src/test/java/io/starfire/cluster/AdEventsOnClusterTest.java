package io.starfire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ad events by {@code hadoop jar} on a real HDFS and YARN, while attempts are killed. */
class AdEventsOnClusterTest {
  private static final Duration RUN_TIME = Duration.ofMinutes(4);
  private static final Duration CATCH_TIME = Duration.ofSeconds(60);

  /** So that a copy is started soon after an attempt falls behind. */
  private static final List<String> SPECULATION =
      List.of(
          "-D", "mapreduce.map.speculative=true",
          "-D", "mapreduce.reduce.speculative=true",
          "-D", "mapreduce.job.speculative.minimum-allowed-tasks=1",
          "-D", "mapreduce.job.speculative.retry-after-no-speculate=500",
          "-D", "mapreduce.job.speculative.retry-after-speculate=1000",
          "-D", "mapreduce.job.reduce.slowstart.completedmaps=1.0");

  private static HadoopCluster cluster;
  private static AdsRig rig;

  @BeforeAll
  static void start() {
    cluster = HadoopCluster.start("ads");
    rig = AdsRig.start(cluster);
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theServedRowsAreTheTruthAlthoughAttemptsAreKilledAndNothingIsLeftOver()
      throws IOException, InterruptedException {
    Path report = rig.directory().resolve("report.json");
    List<String> arguments = new java.util.ArrayList<>(SPECULATION);
    arguments.addAll(List.of("--report", report.toString()));
    try (JavaProcess run = rig.submit("ads", arguments)) {
      String map = killOne(run, "_m_");
      String reduce = killOne(run, "_r_");
      System.out.println("killed " + map + " and " + reduce);

      assertThat(run.await(RUN_TIME)).as(() -> run.out() + run.err()).isZero();

      assertThat(run.out())
          .contains("job 1 of 3: starfire AdEvents: ", "3 reducers, http://", "job 3 of 3: done in")
          .containsPattern("job 1 of 3: map \\d+% reduce \\d+%")
          .containsPattern("impressions: .*EMITTED [\\d,]+")
          .containsPattern("[1-9]\\d* attempts failed and were repeated");
      System.out.println(run.out());
      assertThat(run.err()).doesNotContain("\tat ");
    }
    assertThat(rig.served()).isEqualTo(rig.expected());
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    long failedMaps = 0;
    long failedReduces = 0;
    for (JsonNode counters : json.path("jobCounters")) {
      failedMaps += counters.path("NUM_FAILED_MAPS").asLong();
      failedReduces += counters.path("NUM_FAILED_REDUCES").asLong();
      assertThat(counters.path("TOTAL_LAUNCHED_MAPS").asLong()).isPositive();
    }
    assertThat(failedMaps).isPositive();
    assertThat(failedReduces).isPositive();
    assertNothingIsLeftOver(json);
  }

  private static void assertNothingIsLeftOver(JsonNode report) throws IOException {
    Set<String> published = new TreeSet<>();
    int segments = report.at("/publications/0/segments").asInt();
    for (String file : rig.files(rig.deepStorage())) {
      assertThat(file).matches("ad_events/ad_events_[^/]+");
      published.add(file);
    }
    assertThat(published).hasSize(segments);
    assertThat(rig.files(rig.work()).stream().filter(name -> !name.startsWith("dead-letters/")))
        .isEmpty();
    assertThat(rig.files(cluster.root() + "/tmp/staging").stream().filter(n -> n.contains("job_")))
        .filteredOn(name -> name.contains(".staging"))
        .isEmpty();
  }

  /** Kills the process of a running attempt; its name. */
  private static String killOne(JavaProcess run, String kind) {
    Pattern attempt = Pattern.compile("attempt_\\d+_\\d+" + kind + "\\d+_\\d+");
    String[] killed = new String[1];
    Waiting.until(
        "an attempt with %s runs".formatted(kind),
        CATCH_TIME,
        () -> {
          if (!run.isAlive()) {
            throw new IllegalStateException("the run has ended: " + run.out() + run.err());
          }
          for (ProcessHandle container : cluster.containers(kind)) {
            Matcher matcher = attempt.matcher(container.info().commandLine().orElse(""));
            if (matcher.find() && container.destroyForcibly()) {
              killed[0] = matcher.group();
              return true;
            }
          }
          return false;
        });
    return killed[0];
  }
}
