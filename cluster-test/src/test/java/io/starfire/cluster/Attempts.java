package io.starfire.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does things to the processes of running task attempts, which it finds by their ids. Stateless.
 */
final class Attempts {
  private static final Duration CATCH_TIME = Duration.ofSeconds(90);

  /** Short: an attempt may be over after two seconds. */
  private static final Duration POLL_TIME = Duration.ofMillis(20);

  /** What may happen to a process. */
  private interface Action {
    boolean on(ProcessHandle process) throws IOException;
  }

  private Attempts() {}

  /**
   * Kills a running attempt without asking; its name.
   *
   * @param kind of its task: {@code _m_} or {@code _r_}
   */
  static String kill(HadoopCluster cluster, JavaProcess run, String kind) {
    return catchOne(cluster, run, kind, ProcessHandle::destroyForcibly);
  }

  /** Stops the process of a running attempt for good, without ending it; its name. */
  static String freeze(HadoopCluster cluster, JavaProcess run, String kind) {
    return catchOne(
        cluster,
        run,
        kind,
        process -> {
          Process unused =
              new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).inheritIO().start();
          return true;
        });
  }

  private static String catchOne(
      HadoopCluster cluster, JavaProcess run, String kind, Action action) {
    Pattern attempt = Pattern.compile("attempt_\\d+_\\d+" + kind + "\\d+_\\d+");
    return await("an attempt with %s runs".formatted(kind))
        .atMost(CATCH_TIME)
        .pollInterval(POLL_TIME)
        .until(
            () -> {
              assertThat(run.isAlive()).as(() -> run.out() + run.err()).isTrue();
              for (ProcessHandle container : cluster.containers(kind)) {
                Matcher matcher = attempt.matcher(container.info().commandLine().orElse(""));
                if (matcher.find() && action.on(container)) {
                  return matcher.group();
                }
              }
              return "";
            },
            caught -> !caught.isEmpty());
  }
}
