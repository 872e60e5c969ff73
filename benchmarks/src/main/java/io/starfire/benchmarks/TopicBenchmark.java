package io.starfire.benchmarks;

import io.starfire.benchmarks.process.Machine;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * JSON rows of some 370 bytes in one partition, read by a server in a process of its own: from the
 * supervisor's spec until a count sees all rows, then from its suspension until all are handed off,
 * then rows at a steady rate, each from its send to the count that sees it.
 */
@Command(
    name = "topic",
    description =
        "JSON rows from Kafka: visible rows a second and core, resident memory, hand-off,"
            + " freshness.",
    mixinStandardHelpOptions = true)
final class TopicBenchmark implements Callable<Integer> {
  private static final String TOPIC = KafkaLines.TOPIC;
  private static final String STEADY_TOPIC = "steady";
  private static final double NANOS = 1e9;

  @Option(names = "--rows", defaultValue = "2000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--rate",
      defaultValue = "10000",
      description = "Rows a second for freshness (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--warm-up",
      defaultValue = "PT20S",
      description = "Of freshness, not counted (${DEFAULT-VALUE}).")
  private Duration warmUp;

  @Option(
      names = "--counted",
      defaultValue = "PT40S",
      description = "Of freshness; zero leaves it out (${DEFAULT-VALUE}).")
  private Duration counted;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the server (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--jvm-option", description = "For the server's JVM; may be repeated.")
  private List<String> jvmOptions = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.start(work.directory("kafka"))) {
      kafka.createTopic(STEADY_TOPIC, 1);
      Table table = new Table(spec.commandLine().getOut());
      table.row("machine", Machine.load());
      long bytes = KafkaLines.send(kafka, seed, rows);
      table.row("rows, bytes of JSON each", "%,d, %d".formatted(rows, bytes / rows));
      try (TopicServer server =
          TopicServer.start(kafka, work.directory("server"), heap, jvmOptions)) {
        read(server, table);
        handOff(server, table);
        if (!counted.isZero()) {
          freshness(kafka, server, table);
        }
      }
    }
    return 0;
  }

  private void read(TopicServer server, Table table) {
    Duration cpuBefore = server.process().cpu();
    long start = System.nanoTime();
    server.read(TOPIC);
    server.await("the first row", () -> server.count(TOPIC) > 0);
    long first = System.nanoTime();
    server.await("half of the rows", () -> server.count(TOPIC) >= rows / 2);
    long half = System.nanoTime();
    long atHalf = server.count(TOPIC);
    Duration cpuAtHalf = server.process().cpu();
    server.await("all rows", () -> server.count(TOPIC) >= rows);
    long all = System.nanoTime();
    Duration cpu = server.process().cpu();
    table.row("first row visible after, s", seconds(first - start));
    table.row("all rows visible after, s", seconds(all - start));
    table.row("rows a second, from the first to the last", perSecond(rows, all - first));
    table.row("rows a second, second half", perSecond(rows - atHalf, all - half));
    table.row("CPU microseconds a row", micros(cpu.minus(cpuBefore), rows));
    table.row("CPU microseconds a row, second half", micros(cpu.minus(cpuAtHalf), rows - atHalf));
    table.row("peak resident memory of the server, MB", megabytes(server));
  }

  private void handOff(TopicServer server, Table table) throws IOException {
    Duration cpuBefore = server.process().cpu();
    long start = System.nanoTime();
    server.suspend(TOPIC);
    server.await("the hand-off", () -> server.handedOff(TOPIC) >= rows);
    table.row("handed off after, s", seconds(System.nanoTime() - start));
    table.row(
        "CPU microseconds a row of the hand-off",
        micros(server.process().cpu().minus(cpuBefore), rows));
    table.row("peak resident memory of the server after that, MB", megabytes(server));
    table.row("bytes stored", "%,d".formatted(server.storedBytes()));
  }

  private void freshness(EmbeddedKafka kafka, TopicServer server, Table table) {
    int atMost = Math.toIntExact(rate * warmUp.plus(counted).toMillis() / 1000);
    SteadyRows steady = new SteadyRows(kafka, STEADY_TOPIC, rate, atMost, seed);
    server.read(STEADY_TOPIC);
    Duration cpuBefore = server.process().cpu();
    Samples millis = steady.run(server, warmUp);
    table.row("rows a second, samples", "%,d, %,d".formatted(rate, millis.count()));
    table.row(
        "from send to counted, ms: median, p90, p99, largest",
        "%.1f, %.1f, %.1f, %.1f"
            .formatted(
                millis.median(), millis.quantile(0.9), millis.quantile(0.99), millis.quantile(1)));
    table.row(
        "CPU of the server, part of a core",
        "%.2f"
            .formatted(
                server.process().cpu().minus(cpuBefore).toMillis()
                    / (double) warmUp.plus(counted).toMillis()));
  }

  private static String perSecond(long rows, long nanos) {
    return String.format(Locale.ROOT, "%,.0f", rows / (nanos / NANOS));
  }

  private static String micros(Duration cpu, long rows) {
    return String.format(Locale.ROOT, "%.2f", cpu.toMillis() * 1e3 / rows);
  }

  private static String megabytes(TopicServer server) {
    return Long.toString(server.process().peakBytes() >> 20);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / NANOS);
  }
}
