package io.starfire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * When a stream that runs as a process says that it begins to restore its state, and that it has
 * done so. Thread-safe.
 */
final class DaemonOutput {
  private final Path copy;
  private Moment began = Moment.NEVER;
  private Moment restored = Moment.NEVER;

  /**
   * When something was said.
   *
   * @param nanos of {@link System#nanoTime}
   * @param cpuSeconds that the process had taken by then
   */
  record Moment(long nanos, double cpuSeconds) {
    private static final Moment NEVER = new Moment(0, 0);

    static Moment of(Process process) {
      return new Moment(
          System.nanoTime(),
          process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3);
    }
  }

  /**
   * @param copy to which all that is said is appended; null for none
   */
  DaemonOutput(Path copy) {
    this.copy = copy;
  }

  /** Forgets what an earlier process said, and reads what this one says. */
  synchronized void follow(Process process) {
    began = Moment.NEVER;
    restored = Moment.NEVER;
    Thread reader = new Thread(() -> read(process), "daemon-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line, process);
        if (copy != null) {
          Files.writeString(
              copy, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private synchronized void note(String line, Process process) {
    boolean isOfStart =
        line.contains("state is made from topic") || line.contains("the state of stage");
    if (isOfStart && began.equals(Moment.NEVER)) {
      began = Moment.of(process);
    }
    if (line.contains("state is made from topic") && line.contains(": done,")) {
      restored = Moment.of(process);
    }
  }

  synchronized Moment began() {
    return began;
  }

  synchronized Moment restored() {
    return restored;
  }
}
