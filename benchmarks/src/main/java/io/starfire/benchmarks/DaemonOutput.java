package io.starfire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * When a stream that runs as a process says that it begins to restore its state, and that it has
 * done so. Thread-safe.
 */
final class DaemonOutput {
  private final Path copy;
  private long beganNanos;
  private long restoredNanos;

  /**
   * @param copy to which all that is said is appended; null for none
   */
  DaemonOutput(Path copy) {
    this.copy = copy;
  }

  /** Forgets what an earlier process said, and reads what this one says. */
  synchronized void follow(Process process) {
    beganNanos = 0;
    restoredNanos = 0;
    Thread reader = new Thread(() -> read(process), "daemon-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
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

  private synchronized void note(String line) {
    boolean isOfStart =
        line.contains("state is made from topic") || line.contains("the state of stage");
    if (isOfStart && beganNanos == 0) {
      beganNanos = System.nanoTime();
    }
    if (line.contains("state is made from topic") && line.contains(": done,")) {
      restoredNanos = System.nanoTime();
    }
  }

  /** {@link System#nanoTime} of it. */
  synchronized long beganNanos() {
    return beganNanos;
  }

  synchronized long restoredNanos() {
    return restoredNanos;
  }
}
