package io.starfire.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The largest resident set of this process so far. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final int BYTES_PER_KB = 1024;

  private PeakMemory() {}

  /** In bytes; 0 where the system does not tell. */
  static long bytes() {
    try {
      Matcher matcher = HIGH_WATER.matcher(Files.readString(STATUS));
      return matcher.find() ? Long.parseLong(matcher.group(1)) * BYTES_PER_KB : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
