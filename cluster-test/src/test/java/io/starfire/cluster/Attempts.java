package io.starfire.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does things to the processes of running task attempts, which it finds by their ids. Stateless.
 */
final class Attempts {
  private static final Duration CATCH_TIME = Duration.ofSeconds(90);

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
    String[] caught = new String[1];
    Waiting.until(
        "an attempt with %s runs".formatted(kind),
        CATCH_TIME,
        () -> {
          if (!run.isAlive()) {
            throw new IllegalStateException("the run has ended: " + run.out() + run.err());
          }
          for (ProcessHandle container : cluster.containers(kind)) {
            Matcher matcher = attempt.matcher(container.info().commandLine().orElse(""));
            if (matcher.find() && action.on(container)) {
              caught[0] = matcher.group();
              return true;
            }
          }
          return false;
        });
    return caught[0];
  }
}
