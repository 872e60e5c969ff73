package io.starfire.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchReport;
import io.starfire.batch.BatchRun;
import io.starfire.batch.HadoopSettings;
import io.starfire.batch.job.RunSettings;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.plan.Planner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The job that joins impressions and clicks, beside the same job written by hand for Hadoop, in
 * turns. The indexing job and the publication come after it, and are timed apart.
 */
@Command(
    name = "batch-join",
    description = {
      "Joins JSON files in the local job runner, in turns with a job written by hand.",
      "A key with many records: STARFIRE_JAVA_OPTS=-Xmx256m benchmarks/run batch-join"
          + " --hot-share 1 --rounds 1 --hand-written=false"
    },
    mixinStandardHelpOptions = true)
final class BatchJoinBenchmark implements Callable<Integer> {
  private static final Instant START = Instant.parse("2025-01-10T00:00:00Z");
  private static final String JOIN_BEGINS = "job 1 of 2: starfire ";
  private static final String JOIN_ENDS = "job 1 of 2: done";

  @Option(names = "--records", defaultValue = "10000000", description = "Raw (${DEFAULT-VALUE}).")
  private long records;

  @Option(
      names = "--hours",
      defaultValue = "24",
      description = "Over which they are spread (${DEFAULT-VALUE}).")
  private int hours;

  @Option(
      names = "--hot-share",
      defaultValue = "0",
      description = "Fraction of the records that have one key (${DEFAULT-VALUE}).")
  private double hotShare;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--rounds", defaultValue = "2", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "0", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--hand-written",
      defaultValue = "true",
      arity = "1",
      description = "Whether the job written by hand runs too (${DEFAULT-VALUE}).")
  private boolean handWritten;

  @Option(
      names = "--split-bytes",
      defaultValue = "128m",
      description = "How much a mapper reads (${DEFAULT-VALUE}).")
  private String splitBytes;

  @Option(names = "-D", description = "A key of the configuration, or several.")
  private Map<String, String> more = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  private final Samples joinSeconds = new Samples();
  private final Samples joinCpu = new Samples();
  private final Samples handSeconds = new Samples();
  private final Samples handCpu = new Samples();
  private final Samples wholeSeconds = new Samples();
  private final Samples wholeCpu = new Samples();

  @Override
  public Integer call() throws IOException {
    Table table = new Table(spec.commandLine().getOut());
    Interval interval =
        new Interval(START.toEpochMilli(), START.plus(Duration.ofHours(hours)).toEpochMilli());
    try (WorkDirectory work = new WorkDirectory()) {
      Path impressions = work.directory("impressions");
      Path clicks = work.directory("clicks");
      long bytes =
          new JoinRecords(seed, START, records, hours, hotShare).write(impressions, clicks);
      table.row(
          "data",
          "%,d records over %d h, %.0f %% of one key, %,d bytes of JSON, seed %d"
              .formatted(records, hours, hotShare * 100, bytes, seed));
      Path deepStorage = work.directory("deep");
      try (ServerUnderTest server = new ServerUnderTest(work.directory("data"), deepStorage, 1)) {
        StarfireConfig config =
            AdRecords.config(
                    work.directory("conf"),
                    Map.of(
                        "starfire.sources.impressions.batch.paths", impressions.toString(),
                        "starfire.sources.clicks.batch.paths", clicks.toString(),
                        "starfire.batch.work-dir", work.directory("batch").toString(),
                        "starfire.batch.split-bytes", splitBytes,
                        "starfire.deep-storage.root", deepStorage.toString(),
                        "starfire.server.coordinator-url", server.url()))
                .withOverrides(more);
        for (int round = 0; round < warmUp + rounds; round++) {
          boolean counted = round >= warmUp;
          // In turns: who runs first in a process pays for what the JVM has not compiled yet.
          boolean handFirst = round % 2 == 0;
          if (handWritten && handFirst) {
            handWritten(config, interval, impressions, clicks, work, counted);
          }
          starfire(config, interval, counted);
          if (handWritten && !handFirst) {
            handWritten(config, interval, impressions, clicks, work, counted);
          }
        }
      }
    }
    print(table);
    return 0;
  }

  private void print(Table table) {
    table.row("join, Starfire: s", joinSeconds.summary(1));
    table.row("join, Starfire: CPU s", joinCpu.summary(1));
    table.row(
        "join, Starfire: records a second of CPU",
        String.format(Locale.ROOT, "%,.0f", records / joinCpu.median()));
    if (handWritten) {
      table.row("join, by hand: s", handSeconds.summary(1));
      table.row("join, by hand: CPU s", handCpu.summary(1));
      table.row(
          "Starfire / by hand: s, CPU s",
          String.format(
              Locale.ROOT,
              "%.2f, %.2f",
              joinSeconds.median() / handSeconds.median(),
              joinCpu.median() / handCpu.median()));
    }
    table.row("the whole run until its segments show: s", wholeSeconds.summary(1));
    table.row("the whole run until its segments show: CPU s", wholeCpu.summary(1));
    table.peakMemory();
  }

  private void handWritten(
      StarfireConfig config,
      Interval interval,
      Path impressions,
      Path clicks,
      WorkDirectory work,
      boolean counted)
      throws IOException {
    Path directory = Files.createTempDirectory(work.directory("hand"), "round-");
    Configuration configuration =
        HadoopSettings.of(config, Map.of(), directory.resolve("tmp").toString());
    RunSettings settings =
        RunSettings.of(
            Planner.plan(new CountedJoin()),
            config,
            interval,
            interval.endMillis() + 3_600_000,
            Map.of());
    Meter meter = new Meter();
    HandWrittenJoin.run(
        configuration,
        settings,
        impressions,
        clicks,
        config.bytes("starfire.batch.split-bytes"),
        config.integer("starfire.batch.reducers"),
        directory);
    double seconds = meter.seconds();
    double cpuSeconds = meter.cpuSeconds();
    work.delete(directory);
    progress("by hand: %.1f s, %.1f s of CPU".formatted(seconds, cpuSeconds));
    if (counted) {
      handSeconds.add(seconds);
      handCpu.add(cpuSeconds);
    }
  }

  private void starfire(StarfireConfig config, Interval interval, boolean counted) {
    Meter whole = new Meter();
    Meter[] join = {new Meter()};
    double[] took = new double[2];
    BatchReport report =
        BatchRun.run(
            BatchOptions.of(CountedJoin.class.getName(), interval, config),
            line -> {
              progress(line);
              if (line.startsWith(JOIN_BEGINS)) {
                join[0] = new Meter();
              } else if (line.startsWith(JOIN_ENDS)) {
                took[0] = join[0].seconds();
                took[1] = join[0].cpuSeconds();
              }
            });
    long events = report.publication().dataSources().get(0).events();
    long expected = report.outcomes().get("clicked-primary").get("EMITTED");
    if (events == 0 || events != expected || took[0] == 0) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "the run did not publish what it should: " + report.publication());
    }
    progress("Starfire: %.1f s, %.1f s of CPU".formatted(took[0], took[1]));
    if (counted) {
      joinSeconds.add(took[0]);
      joinCpu.add(took[1]);
      wholeSeconds.add(whole.seconds());
      wholeCpu.add(whole.cpuSeconds());
    }
  }

  private void progress(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  /** The time and the CPU time of this process since it was made. */
  private static final class Meter {
    private final long startedNanos = System.nanoTime();
    private final long startedCpuNanos = cpuNanos();

    double seconds() {
      return (System.nanoTime() - startedNanos) / 1e9;
    }

    double cpuSeconds() {
      return (cpuNanos() - startedCpuNanos) / 1e9;
    }

    private static long cpuNanos() {
      return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
  }
}
