package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Talk;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A stream of Starfire in a process of its own. Arguments: the class of the pipeline, its data
 * source, a working directory, and settings as {@code key=value}. Says its consumer group and the
 * topic of its rows as soon as it runs; asked anything, it collects garbage and answers with the
 * bytes that are left on the heap, and the resident bytes of the process.
 */
public final class StarfireMain {
  private static final String RESIDENT = "VmRSS:";
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private StarfireMain() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[2]);
    Path advertisers = directory.resolve("advertisers.csv");
    Files.writeString(advertisers, AdEventsGenerator.advertisersCsv());
    Map<String, String> values = new HashMap<>();
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    // The watermark shall not run on when the records end: what is due then is not of the flow.
    values.put("starfire.stream.idle-timeout", "1h");
    values.put("starfire.sources.impressions.time.column", "servedAt");
    values.put("starfire.sources.clicks.time.column", "clickedAt");
    values.put("starfire.lookups.advertisers.file", advertisers.toString());
    values.put("starfire.lookups.advertisers.key-column", "advertiserId");
    for (int i = 3; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      values.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    try (StreamDriver driver =
        StreamDriver.start(
            StreamOptions.of(
                arguments[0],
                StarfireMain.class.getClassLoader(),
                StarfireConfig.fromMap(values)))) {
      awaitRunning(driver);
      Talk.untilInputEnds(
          driver.status().applicationId() + " " + driver.dataSourceTopic(arguments[1]),
          question -> memory());
    }
    System.exit(0);
  }

  private static String memory() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed() + " " + residentBytes();
  }

  /** 0 where there is no such file: on other systems than Linux. */
  private static long residentBytes() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitRunning(StreamDriver driver) {
    long startNanos = System.nanoTime();
    while (driver.status().state() != StreamStatus.State.RUNNING) {
      if (driver.failure() != null) {
        throw driver.failure();
      }
      if (System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT,
            "the stream did not run within %s: %s".formatted(START_LIMIT, driver.status()));
      }
      LockSupport.parkNanos(10_000_000);
    }
  }
}
