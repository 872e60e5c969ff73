package io.starfire.benchmarks.flights;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Commands of {@code bin/starfire} in processes of their own, each with a log file. Those that
 * still run are told to stop, the last one first, when this is closed.
 */
final class Processes implements AutoCloseable {
  private static final long STOP_SECONDS = 60;
  private static final long LOOK_MILLIS = 200;

  private final Path logs;
  private final Path home;
  private final Deque<Daemon> daemons = new ArrayDeque<>();
  private final Map<String, Duration> cpuOfEnded = new LinkedHashMap<>();

  /**
   * @param logs a directory for what the processes say
   * @param home of the project, where conf/ is
   */
  Processes(Path logs, Path home) {
    this.logs = logs;
    this.home = home;
  }

  private record Daemon(String name, Process process) {}

  /** Starts a daemon. */
  void start(String name, List<String> arguments) {
    daemons.push(new Daemon(name, process(name, arguments)));
  }

  /** Runs a command to its end; its exit code must be 0. */
  void run(String name, List<String> arguments) {
    Process process = process(name, arguments);
    try {
      do {
        // What an ended process took can no longer be asked.
        process.info().totalCpuDuration().ifPresent(used -> cpuOfEnded.put(name, used));
        check();
      } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while %s ran".formatted(name), e);
    } catch (StarfireException e) {
      process.destroy();
      throw e;
    }
    if (process.exitValue() != 0) {
      throw ended(name, process.exitValue());
    }
  }

  /** Throws if a daemon has ended. */
  void check() {
    for (Daemon daemon : daemons) {
      if (!daemon.process().isAlive()) {
        throw ended(daemon.name(), daemon.process().exitValue());
      }
    }
  }

  /** The processor time that each process has taken; of one that has ended, nearly all. */
  Map<String, Duration> cpuTimes() {
    Map<String, Duration> times = new LinkedHashMap<>(cpuOfEnded);
    daemons
        .descendingIterator()
        .forEachRemaining(
            daemon ->
                daemon
                    .process()
                    .info()
                    .totalCpuDuration()
                    .ifPresent(used -> times.put(daemon.name(), used)));
    return times;
  }

  /** What a process has said so far. */
  String said(String name) {
    try {
      return Files.readString(log(name));
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "a log cannot be read: " + e, e);
    }
  }

  private Path log(String name) {
    return logs.resolve(name + ".log");
  }

  private Process process(String name, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-Xms128m", "-Xmx1g", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-Djava.net.preferIPv4Stack=true", "-Dstarfire.home=" + home));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.starfire.cli.Main");
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command)
          .directory(home.toFile())
          .redirectErrorStream(true)
          .redirectOutput(log(name).toFile())
          .start();
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, name + " cannot be started: " + e, e);
    }
  }

  private StarfireException ended(String name, int code) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "%s ended with exit code %d; it said: %s".formatted(name, code, said(name).strip()));
  }

  @Override
  public void close() {
    for (Daemon daemon : daemons) {
      daemon.process().destroy();
      try {
        if (!daemon.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          daemon.process().destroyForcibly();
        }
      } catch (InterruptedException e) {
        daemon.process().destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    daemons.clear();
  }
}
