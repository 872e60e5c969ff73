package io.starfire.benchmarks;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints figures as rows of a Markdown table, to be pasted into docs/benchmarks.md. */
final class Table {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private final PrintWriter out;

  Table(PrintWriter out) {
    this.out = out;
    out.println("| figure | median (range) |");
    out.println("|---|---|");
  }

  void row(String figure, String value) {
    out.println("| " + figure + " | " + value + " |");
    out.flush();
  }

  /** The largest resident set of this process so far; Linux only. */
  void peakMemory() {
    row("peak resident memory of the process", peak());
  }

  private static String peak() {
    if (!Files.exists(STATUS)) {
      return "unknown: there is no " + STATUS;
    }
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
        if (line.startsWith(PEAK)) {
          String kilobytes = line.substring(PEAK.length()).replace("kB", "").trim();
          return Long.parseLong(kilobytes) / 1024 + " MB";
        }
      }
      return "unknown: %s has no %s".formatted(STATUS, PEAK);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "%s cannot be read: %s".formatted(STATUS, e), e);
    }
  }
}
