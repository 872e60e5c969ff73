package io.starfire.benchmarks.process;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process took from its start to its end.
 *
 * @param wall time
 * @param cpu user and system time of all its threads; what the last 50 ms took is missing
 * @param peakBytes its largest resident set, mapped files included; 0 if the machine does not tell
 */
public record Measured(Duration wall, Duration cpu, long peakBytes) {
  private static final long LOOK_MILLIS = 50;
  private static final String PEAK = "VmHWM:";

  /**
   * Runs a command to its end; its exit code must be 0.
   *
   * @param log gets what it says
   */
  public static Measured run(List<String> command, Path log) {
    long start = System.nanoTime();
    Process process = start(command, log);
    Duration cpu = Duration.ZERO;
    long peak = 0;
    try {
      do {
        // What an ended process took can no longer be asked.
        cpu = process.info().totalCpuDuration().orElse(cpu);
        peak = Math.max(peak, peakBytes(process.pid()));
      } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while it ran: " + command, e);
    }
    if (process.exitValue() != 0) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "it ended with exit code %d, and said in %s why: %s"
              .formatted(process.exitValue(), log, command));
    }
    return new Measured(Duration.ofNanos(System.nanoTime() - start), cpu, peak);
  }

  private static Process start(List<String> command, Path log) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "%s cannot be started: %s".formatted(command.get(0), e), e);
    }
  }

  /** The largest resident set of a process so far; 0 if that is not known. Linux only. */
  public static long peakBytes(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
        if (line.startsWith(PEAK)) {
          return Long.parseLong(line.substring(PEAK.length()).replace("kB", "").trim()) * 1024;
        }
      }
    } catch (IOException e) {
      // The process has ended, or the machine has no such file.
    }
    return 0;
  }
}
