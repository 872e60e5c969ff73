package io.starfire.benchmarks;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Records per second through the stream driver with one thread: all records lie in a real broker's
 * topics before it starts; the time runs from the first record that was processed until none is
 * left and the topic of the data source stops to grow. Beside it a bare loop of Kafka's clients
 * copies the same records, in transactions of the driver's commit interval.
 */
@Command(
    name = "stream",
    description = "Records per second through the stream driver, with one thread.",
    mixinStandardHelpOptions = true)
final class StreamBenchmark implements Callable<Integer> {
  private static final Instant START = Instant.parse("2025-01-10T00:00:00Z");
  private static final int HOURS = 8;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_NANOS = 20_000_000;

  /** Nanoseconds without a commit after which there will be none any more: ten commit intervals. */
  private static final long QUIET = Duration.ofSeconds(2).toNanos();

  @Option(names = "--records", defaultValue = "250000", description = "Raw (${DEFAULT-VALUE}).")
  private int records;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--rounds", defaultValue = "3", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "1", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--plain-join",
      description = "A join without identities and enrichment, instead of AdEvents.")
  private boolean plainJoin;

  @Spec private CommandSpec spec;

  private final Samples stream = new Samples();
  private final Samples bare = new Samples();
  private final Samples rows = new Samples();

  @Override
  public Integer call() throws IOException {
    List<GeneratedRecord> made = AdRecords.generate(seed, START, records, HOURS);
    Table table = new Table(spec.commandLine().getOut());
    table.row("data", "%,d records in 1 partition a source, seed %d".formatted(records, seed));
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka =
            EmbeddedKafka.builder(work.directory("kafka"))
                .property("group.initial.rebalance.delay.ms", "0")
                .start()) {
      kafka.createTopic(AdEvents.IMPRESSIONS, 1);
      kafka.createTopic(AdEvents.CLICKS, 1);
      kafka.createTopic(BareCopy.TARGET, 1);
      BareCopy copy = new BareCopy(kafka.bootstrapServers());
      copy.send(made);
      made.clear();
      for (int round = 0; round < warmUp + rounds; round++) {
        StarfireConfig config = config(work, kafka.bootstrapServers(), "round" + round);
        double perSecond = run(config, copy);
        double barePerSecond = records / copy.seconds(records, round);
        if (round >= warmUp) {
          stream.add(perSecond);
          bare.add(barePerSecond);
        }
      }
    }
    table.row("records per second, stream driver, one thread", stream.summary(0));
    table.row("offsets of the data source topic at the end, commits included", rows.summary(0));
    table.row("records per second, bare copy beside it", bare.summary(0));
    table.peakMemory();
    return 0;
  }

  private static StarfireConfig config(WorkDirectory work, String brokers, String name)
      throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", brokers);
    values.put("starfire.stream.application-id-prefix", name);
    values.put("starfire.stream.state-dir", work.directory("state-" + name).toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.stream.threads", "1");
    values.put("starfire.stream.partitions", "1");
    values.put("starfire.stream.data-source-partitions", "1");
    // The watermark shall not run on when the records end: what is due then is not of the flow.
    values.put("starfire.stream.idle-timeout", "1h");
    values.put("starfire.stream.grants.clicked", "15m");
    return AdRecords.config(work.directory("conf-" + name), values);
  }

  private double run(StarfireConfig config, BareCopy copy) {
    long startNanos = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> watcher = copy.consumer();
        StreamDriver driver =
            StreamDriver.start(
                StreamOptions.of(
                    (plainJoin ? PlainJoin.class : AdEvents.class).getName(),
                    PlainJoin.class.getClassLoader(),
                    config))) {
      String topic =
          driver.dataSourceTopic(plainJoin ? PlainJoin.DATA_SOURCE : AdEvents.DATA_SOURCE);
      long firstNanos = 0;
      long committed = 0;
      long changedNanos = 0;
      while (true) {
        StreamStatus status = driver.status();
        check(status, startNanos);
        if (firstNanos == 0 && !status.outcomes().isEmpty()) {
          firstNanos = System.nanoTime();
        }
        long end = BareCopy.committedEnd(watcher, topic);
        if (end != committed) {
          committed = end;
          changedNanos = System.nanoTime();
        }
        if (committed > 0 && nothingLeft(status) && System.nanoTime() - changedNanos > QUIET) {
          rows.add((double) committed);
          return records / ((changedNanos - firstNanos) / 1e9);
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    }
  }

  private static boolean nothingLeft(StreamStatus status) {
    return status.lag().size() == 2 && status.lag().values().stream().allMatch(lag -> lag == 0);
  }

  private static void check(StreamStatus status, long startNanos) {
    if (status.failure() != null) {
      throw new StarfireException(ErrorCode.INTERNAL, "the stream failed: " + status.failure());
    }
    if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
      throw new StarfireException(
          ErrorCode.TIMEOUT, "the stream was not done within %s: %s".formatted(LIMIT, status));
    }
  }
}
