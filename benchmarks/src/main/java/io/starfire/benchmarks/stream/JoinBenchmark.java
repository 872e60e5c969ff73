package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.process.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Starfire's stream driver beside its peers: all join the same impressions and clicks, in turns, in
 * one run, against one real broker.
 */
@Command(
    name = "join",
    description = "The stream driver beside Kafka Streams, Flink and a bare loop.",
    mixinStandardHelpOptions = true)
public final class JoinBenchmark implements Callable<Integer> {
  private static final int QUICK = 4;

  @Option(
      names = "--impressions",
      defaultValue = "2000000",
      description = "How many (${DEFAULT-VALUE}).")
  private int impressions;

  @Option(names = "--clicks", defaultValue = "500000", description = "How many (${DEFAULT-VALUE}).")
  private int clicks;

  @Option(
      names = "--span",
      defaultValue = "PT2H",
      description = "Event time from the first impression to the last (${DEFAULT-VALUE}).")
  private Duration span;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--rounds", defaultValue = "2", description = "How many (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--quick",
      description = "One round, with a quarter of the impressions and clicks.")
  private boolean quick;

  @Option(
      names = "--slow-share",
      defaultValue = "0.4",
      description =
          "Kafka Streams gets this first part of the data, with the same content of the window"
              + " (${DEFAULT-VALUE}).")
  private double slowShare;

  @Option(
      names = "--systems",
      split = ",",
      description = "Which, in their order; all but dsl-memory if not given.")
  private List<String> systems;

  @Option(names = "--without-flink", description = "Leave Flink out; it is not built then.")
  private boolean withoutFlink;

  @Option(
      names = "--commit-interval",
      defaultValue = "200",
      description = "Milliseconds; Flink has checkpoints every second (${DEFAULT-VALUE}).")
  private int commitMillis;

  @Option(names = "--heap", defaultValue = "1g", description = "Of each system (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--set", description = "A setting for Starfire, key=value; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--jvm-option", description = "For each system; may be repeated.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = "--limit",
      defaultValue = "PT5M",
      description = "After which a run has failed (${DEFAULT-VALUE}).")
  private Duration limit;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (quick) {
      impressions /= QUICK;
      clicks /= QUICK;
      rounds = 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    Contestants all = new Contestants(Duration.ofMillis(commitMillis), settings, slowShare);
    List<Contestant> contestants =
        (systems == null ? all.usual() : systems)
            .stream()
                .filter(name -> !(withoutFlink && name.equals(Contestants.FLINK)))
                .map(all::named)
                .toList();
    out.println(Machine.describe(heap));
    out.printf(
        "%,d impressions and %,d clicks in %d + %d partitions over %s, seed %d, %d rounds%n",
        impressions, clicks, Topics.PARTITIONS, Topics.PARTITIONS, span, seed, rounds);
    out.flush();
    JoinReport report = new JoinReport();
    try (WorkDirectory work = new WorkDirectory();
        Broker broker = Broker.start(work.directory("broker"))) {
      Map<Double, DataSet> byShare = new TreeMap<>();
      for (Contestant contestant : contestants) {
        byShare.computeIfAbsent(contestant.share(), share -> send(broker, share));
      }
      Set<String> raw = new HashSet<>();
      for (DataSet each : byShare.values()) {
        raw.add(each.topics().impressions());
        raw.add(each.topics().clicks());
      }
      for (int round = 1; round <= rounds; round++) {
        for (Contestant contestant : contestants) {
          Path directory = work.directory(contestant.name() + "-" + round);
          Run run = new Run(broker, byShare.get(contestant.share()), options(), limit);
          Run.Took took = run.of(contestant, contestant.name() + "-" + round, directory);
          report.add(contestant.name(), took);
          out.printf(
              "round %d, %s: %,.0f records/s, %.1f us CPU a record%n",
              round, contestant.name(), took.perSecond(), took.cpuMicros());
          out.flush();
          broker.deleteTopicsBut(raw);
          work.delete(directory);
        }
      }
    }
    out.println(Machine.load());
    report.print(out);
    return 0;
  }

  private DataSet send(Broker broker, double share) {
    return DataSet.send(
        broker,
        Topics.named(share == 1 ? "" : "-" + Math.round(share * 1000), Topics.PARTITIONS),
        seed,
        (int) (impressions * share),
        (int) (clicks * share),
        Duration.ofMillis((long) (span.toMillis() * share)));
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC"));
    options.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-Djava.net.preferIPv4Stack=true"));
    options.addAll(jvmOptions);
    return options;
  }
}
