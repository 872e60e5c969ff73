package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.process.Child;
import io.starfire.benchmarks.process.Machine;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long after a click its row is committed, at a steady rate of events. */
@Command(
    name = "latency",
    description = "From a click to its committed row, at a steady rate.",
    mixinStandardHelpOptions = true)
public final class LatencyBenchmark implements Callable<Integer> {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  @Option(
      names = "--rate",
      defaultValue = "5000",
      description = "Events a second; a fifth are clicks (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--warm-up",
      defaultValue = "PT1M",
      description = "Not counted (${DEFAULT-VALUE}).")
  private Duration warmUp;

  @Option(names = "--counted", defaultValue = "PT1M", description = "Counted (${DEFAULT-VALUE}).")
  private Duration counted;

  @Option(
      names = "--commit-intervals",
      split = ",",
      description = "Milliseconds, one run each; Starfire's default if not given.")
  private List<Integer> commitMillis;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the stream (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--set", description = "A setting for Starfire, key=value; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.describe(heap));
    out.printf("%d events/s for %s after %s of warm-up%n", rate, counted, warmUp);
    out.println("| commit interval, ms | clicks | rows missing | median, ms | p99, ms | max, ms |");
    out.println("|---|---|---|---|---|---|");
    out.flush();
    StarfireConfig defaults = StarfireConfig.fromMap(Map.of());
    List<Integer> intervals =
        commitMillis != null
            ? commitMillis
            : List.of((int) defaults.duration("starfire.stream.commit-interval").toMillis());
    try (WorkDirectory work = new WorkDirectory();
        Broker broker = Broker.start(work.directory("broker"))) {
      for (int at = 0; at < intervals.size(); at++) {
        String name = "latency-" + at;
        run(broker, name, work.directory(name), intervals.get(at), out);
      }
    }
    out.println(Machine.load());
    out.flush();
    return 0;
  }

  private void run(Broker broker, String name, Path directory, int interval, PrintWriter out) {
    Topics topics = Topics.named("-" + name, Topics.PARTITIONS);
    broker.createTopics(topics.partitions(), topics.impressions(), topics.clicks());
    Contestants contestants = new Contestants(Duration.ofMillis(interval), settings, 1);
    Contestant.Command command =
        contestants
            .firstClick()
            .at(new Contestant.Place(broker.address(), topics, "", name, directory));
    try (Child child =
        Child.start(
            name,
            List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC"),
            command.classPath(),
            command.mainClass(),
            command.arguments(),
            directory)) {
      String rows = child.line(START_LIMIT).split(" ")[1];
      SteadyClicks clicks = new SteadyClicks(broker, topics, rows, rate);
      long[] nanos = clicks.run(warmUp, counted, child::check);
      Arrays.sort(nanos);
      out.printf(
          "| %d | %,d | %,d | %s | %s | %s |%n",
          interval,
          nanos.length,
          clicks.missing(),
          millis(nanos, 0.5),
          millis(nanos, 0.99),
          millis(nanos, 1));
      out.flush();
    }
  }

  private static String millis(long[] sorted, double quantile) {
    if (sorted.length == 0) {
      return "-";
    }
    int at = (int) Math.ceil(quantile * sorted.length) - 1;
    return "%.0f".formatted(sorted[Math.max(at, 0)] / 1e6);
  }
}
