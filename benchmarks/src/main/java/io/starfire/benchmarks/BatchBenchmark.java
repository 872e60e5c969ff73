package io.starfire.benchmarks;

import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchReport;
import io.starfire.batch.BatchRun;
import io.starfire.batch.Published;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.protocol.PublicationStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Seconds per batch job: {@link AdEvents} over files of JSON in Hadoop's local job runner, up to
 * the publication that a standalone server in this process has made active.
 */
@Command(
    name = "batch",
    description = "Seconds per batch job, over a directory of JSON, in the local job runner.",
    mixinStandardHelpOptions = true)
final class BatchBenchmark implements Callable<Integer> {
  private static final Instant START = Instant.parse("2025-01-10T00:00:00Z");
  private static final int HOURS = 8;

  /** The hours whose windows of two hours lie in the data. */
  private static final Interval INTERVAL = Interval.parse("2025-01-10T00/PT6H");

  @Option(names = "--records", defaultValue = "250000", description = "Raw (${DEFAULT-VALUE}).")
  private int records;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--rounds", defaultValue = "3", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "0", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Spec private CommandSpec spec;

  private final Samples total = new Samples();
  private final Samples perSecond = new Samples();
  private final Map<String, Samples> jobs = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    List<GeneratedRecord> made = AdRecords.generate(seed, START, records, HOURS);
    Table table = new Table(spec.commandLine().getOut());
    try (WorkDirectory work = new WorkDirectory()) {
      Path impressions = work.directory("impressions");
      Path clicks = work.directory("clicks");
      long bytes = AdRecords.write(made, impressions, clicks);
      made.clear();
      table.row("data", "%,d records, %,d bytes of JSON, seed %d".formatted(records, bytes, seed));
      Path deepStorage = work.directory("deep");
      try (ServerUnderTest server = new ServerUnderTest(work.directory("data"), deepStorage, 1)) {
        StarfireConfig config =
            AdRecords.config(
                work.directory("conf"),
                Map.of(
                    "starfire.sources.impressions.batch.paths", impressions.toString(),
                    "starfire.sources.clicks.batch.paths", clicks.toString(),
                    "starfire.batch.work-dir", work.directory("batch").toString(),
                    "starfire.deep-storage.root", deepStorage.toString(),
                    "starfire.server.coordinator-url", server.url()));
        for (int round = 0; round < warmUp + rounds; round++) {
          run(config, round >= warmUp);
        }
      }
    }
    jobs.forEach((job, seconds) -> table.row("job " + job + ", s", seconds.summary(2)));
    table.row("the whole run until its segments show, s", total.summary(2));
    table.row("raw records per second of the whole run", perSecond.summary(0));
    table.peakMemory();
    return 0;
  }

  private void progress(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private void run(StarfireConfig config, boolean counted) {
    long start = System.nanoTime();
    BatchReport report =
        BatchRun.run(BatchOptions.of(AdEvents.class.getName(), INTERVAL, config), this::progress);
    double seconds = (System.nanoTime() - start) / 1e9;
    Published published = report.publication();
    if (published.state() != PublicationStatus.State.ACTIVE
        || published.dataSources().stream().anyMatch(each -> each.events() == 0)) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "the run did not publish what it should: " + published);
    }
    if (counted) {
      total.add(seconds);
      perSecond.add(records / seconds);
      report
          .jobSeconds()
          .forEach((job, took) -> jobs.computeIfAbsent(job, j -> new Samples()).add(took));
    }
  }
}
