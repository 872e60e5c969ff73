package io.starfire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.cluster.HadoopCluster.Daemon;
import io.starfire.jobs.ads.AdEventsTruth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What a cluster can do to a run: each fault is a sentence and an exit code, in bounded time, and
 * when it is mended the same command succeeds. The tests share a cluster, so the ones that stop
 * daemons come last.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultsTest {
  private static final int COULD_NOT_RUN = 3;
  private static final int SIGTERM = 143;
  private static final Duration RUN_TIME = Duration.ofMinutes(5);
  private static final Duration ANSWER_TIME = Duration.ofMinutes(2);

  private static AdsRig rig;
  private static int runs;

  @BeforeAll
  static void start() {
    rig = AdsRig.start("faults");
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  @Order(1)
  void aQueueThatTheResourceManagerRefusesIsNamed() throws IOException {
    Set<String> before = rig.files(rig.deepStorage());
    refused(ANSWER_TIME, List.of("-D", "mapreduce.job.queuename=nosuch"))
        .contains("the ResourceManager refuses the queue", "unknown queue: nosuch")
        .contains("-D mapreduce.job.queuename=NAME");
    assertNothingIsLeftOver(before);
  }

  @Test
  @Order(2)
  void anHdfsInSafeModeIsSaidAtOnce() throws IOException {
    Set<String> before = rig.files(rig.deepStorage());
    hdfs().setSafeMode(SafeModeAction.ENTER);
    try {
      refused(ANSWER_TIME, List.of())
          .contains("HDFS is in safe mode and takes no changes", "hdfs dfsadmin -safemode get");
    } finally {
      hdfs().setSafeMode(SafeModeAction.LEAVE);
    }
    assertNothingIsLeftOver(before);
  }

  @Test
  @Order(3)
  void anHdfsThatIsFullIsSaidAndLosesNothing() throws IOException {
    Set<String> before = rig.files(rig.deepStorage());
    Path work = new Path(rig.work());
    hdfs().mkdirs(work);
    // Room for one block at a time, and then for what the client writes; not for what a task does.
    hdfs().setQuota(work, Long.MAX_VALUE, (1L << 20) + (48L << 10));
    try {
      refused(RUN_TIME, List.of("-D", "mapreduce.reduce.maxattempts=2"))
          .contains("HDFS is full: a quota is used up", "hdfs dfsadmin -setSpaceQuota");
    } finally {
      hdfs().setQuota(work, Long.MAX_VALUE, -1);
    }
    assertNothingIsLeftOver(before);
  }

  @Test
  @Order(4)
  void aRunThatIsToldToStopKillsItsJobAndDeletesItsDirectories()
      throws IOException, InterruptedException {
    Set<String> before = rig.files(rig.deepStorage());
    try (JavaProcess run = rig.submit("sigterm", List.of())) {
      AdsRig.awaitMap(run, RUN_TIME);
      run.terminate();
      assertThat(run.await(ANSWER_TIME)).as(() -> run.out() + run.err()).isEqualTo(SIGTERM);
      assertThat(run.err())
          .contains("starfire batch: stopping; the job is killed")
          .doesNotContain("\tat ");
      assertThat(run.out()).contains("killing job_");
    }
    String last = "";
    for (var app : rig.cluster().resourceManager("/apps").at("/apps/app")) {
      last = app.path("id").asText().compareTo(last) > 0 ? app.path("id").asText() : last;
    }
    assertThat(rig.cluster().resourceManager("/apps/" + last).at("/app/finalStatus").asText())
        .isEqualTo("KILLED");
    assertNothingIsLeftOver(before);
  }

  @Test
  @Order(5)
  void theNextRunWithTheSameArgumentsSucceeds() throws IOException, InterruptedException {
    succeed();
  }

  @Test
  @Order(6)
  void anHdfsThatIsGoneInMidJobIsSaidInBoundedTime() throws IOException, InterruptedException {
    Set<String> before = rig.files(rig.deepStorage());
    List<AdEventsTruth.Hour> served = rig.served();
    try (JavaProcess run = submit(List.of())) {
      AdsRig.awaitMap(run, RUN_TIME);
      rig.cluster().kill(Daemon.NAME_NODE);
      assertThat(run.await(RUN_TIME)).as(() -> run.out() + run.err()).isEqualTo(COULD_NOT_RUN);
      System.out.println(run.out() + run.err());
      assertThat(run.err()).contains("starfire batch: ").doesNotContain("\tat ");
    } finally {
      rig.cluster().start(Daemon.NAME_NODE);
      rig.cluster().awaitReady();
    }
    assertThat(rig.files(rig.deepStorage())).containsAll(before);
    assertThat(rig.served()).isEqualTo(served);
  }

  @Test
  @Order(7)
  void aNameNodeThatIsDownIsSaidInBoundedTime() throws IOException {
    rig.cluster().kill(Daemon.NAME_NODE);
    try {
      refused(ANSWER_TIME, List.of())
          .contains("the cluster does not answer", "see that its daemons run");
    } finally {
      rig.cluster().start(Daemon.NAME_NODE);
      rig.cluster().awaitReady();
    }
  }

  @Test
  @Order(8)
  void aDataNodeThatIsDownIsSaidInBoundedTime() throws IOException {
    rig.cluster().kill(Daemon.DATA_NODE);
    try {
      refused(ANSWER_TIME, List.of()).contains("DataNode");
    } finally {
      rig.cluster().start(Daemon.DATA_NODE);
      rig.cluster().awaitReady();
    }
  }

  @Test
  @Order(9)
  void aResourceManagerThatIsDownIsSaidInBoundedTime() throws IOException {
    rig.cluster().kill(Daemon.RESOURCE_MANAGER);
    try {
      refused(ANSWER_TIME, List.of())
          .contains("the cluster does not answer", "see that its daemons run");
    } finally {
      rig.cluster().start(Daemon.RESOURCE_MANAGER);
      rig.cluster().awaitReady();
    }
  }

  @Test
  @Order(10)
  void whenAllIsMendedTheSameCommandSucceeds() throws IOException, InterruptedException {
    succeed();
  }

  private static void succeed() throws IOException, InterruptedException {
    try (JavaProcess run = submit(List.of())) {
      assertThat(run.await(RUN_TIME)).as(() -> run.out() + run.err()).isZero();
    }
    assertThat(rig.served()).isEqualTo(rig.expected());
  }

  private static JavaProcess submit(List<String> arguments) {
    runs++;
    return rig.submit("run-" + runs, new ArrayList<>(arguments));
  }

  /** What a run that cannot be done prints as its error. */
  private static org.assertj.core.api.AbstractStringAssert<?> refused(
      Duration atMost, List<String> arguments) {
    try (JavaProcess run = submit(arguments)) {
      long started = System.nanoTime();
      int code = run.await(atMost);
      System.out.println(
          "took %d s:%n%s%s"
              .formatted(
                  Duration.ofNanos(System.nanoTime() - started).toSeconds(), run.out(), run.err()));
      assertThat(code).as(() -> run.out() + run.err()).isEqualTo(COULD_NOT_RUN);
      assertThat(run.err()).doesNotContain("\tat ");
      return assertThat(
          run.err()
              .lines()
              .filter(line -> line.startsWith("starfire batch: "))
              .reduce("", (a, b) -> a + b));
    }
  }

  private static void assertNothingIsLeftOver(Set<String> segments) throws IOException {
    assertThat(segmentsOf(rig.files(rig.deepStorage()))).isEqualTo(segmentsOf(segments));
    assertThat(rig.leftOver()).isEmpty();
  }

  /** Without the directory of runs that wait to be published, which is there when none waits. */
  private static Set<String> segmentsOf(Set<String> files) {
    Set<String> segments = new TreeSet<>(files);
    segments.remove("unpublished-runs/");
    return segments;
  }

  private static DistributedFileSystem hdfs() throws IOException {
    return (DistributedFileSystem) rig.cluster().fileSystem();
  }
}
