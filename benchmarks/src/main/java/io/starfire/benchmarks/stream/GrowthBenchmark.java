package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.Samples;
import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.process.Child;
import io.starfire.benchmarks.process.Machine;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.Explain;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the plain join costs as its window holds more, and as there are more partitions. */
@Command(
    name = "growth",
    description =
        "The join's rate as windows and partitions grow, bytes an event held, and the time of"
            + " explain.",
    mixinStandardHelpOptions = true)
public final class GrowthBenchmark implements Callable<Integer> {
  private static final int[] CONTENTS = {1, 4, 16};
  private static final int[] PARTITIONS = {1, 4, 16};
  private static final int EXPLAINED = 20;
  private static final int QUICK = 4;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long STILL_NANOS = Duration.ofSeconds(3).toNanos();

  @Option(
      names = "--impressions",
      defaultValue = "800000",
      description = "How many; there is a click for every fourth (${DEFAULT-VALUE}).")
  private int impressions;

  @Option(
      names = "--span",
      defaultValue = "PT16H",
      description =
          "Event time of the impressions with the smallest content; a 4th and a 16th have more"
              + " (${DEFAULT-VALUE}).")
  private Duration span;

  @Option(names = "--rounds", defaultValue = "3", description = "How many (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--quick",
      description = "One round, with a quarter of the impressions, and so of what a window holds.")
  private boolean quick;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--commit-interval",
      defaultValue = "200",
      description = "Milliseconds (${DEFAULT-VALUE}).")
  private int commitMillis;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the stream (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--set", description = "A setting for Starfire, key=value; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--limit",
      defaultValue = "PT5M",
      description = "After which a run has failed (${DEFAULT-VALUE}).")
  private Duration limit;

  @Spec private CommandSpec spec;

  private final Map<String, DataSet> dataSets = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    if (quick) {
      impressions /= QUICK;
      rounds = 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.describe(heap));
    explain(out);
    try (WorkDirectory work = new WorkDirectory();
        Broker broker = Broker.start(work.directory("broker"))) {
      held(broker, work, Contestants.STARFIRE, out);
      held(broker, work, Contestants.ROCKS_DB, out);
      for (int content : CONTENTS) {
        dataSets.put(content + "x of the content", send(broker, content, Topics.PARTITIONS));
      }
      for (int partitions : PARTITIONS) {
        dataSets.put(partitions + " partitions", send(broker, CONTENTS[1], partitions));
      }
      rates(broker, work, out);
    }
    out.println(Machine.load());
    out.flush();
    return 0;
  }

  private void rates(Broker broker, WorkDirectory work, PrintWriter out) throws IOException {
    Contestant starfire = contestants().named(Contestants.STARFIRE);
    Map<String, Samples> rates = new LinkedHashMap<>();
    Map<String, Samples> cpu = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<String, DataSet> each : dataSets.entrySet()) {
        // Two cases share a data set, but no state.
        String group = "growth-" + round + "-" + each.getKey().replace(' ', '-');
        Path directory = work.directory(group);
        Run.Took took =
            new Run(broker, each.getValue(), options(), limit).of(starfire, group, directory);
        rates.computeIfAbsent(each.getKey(), missing -> new Samples()).add(took.perSecond());
        cpu.computeIfAbsent(each.getKey(), missing -> new Samples()).add(took.cpuMicros());
        work.delete(directory);
      }
    }
    out.println("| plain join | raw records/s | CPU us a record |");
    out.println("|---|---|---|");
    rates.forEach(
        (name, samples) ->
            out.printf("| %s | %s | %s |%n", name, samples.summary(0), cpu.get(name).summary(1)));
    out.flush();
  }

  private DataSet send(Broker broker, int content, int partitions) {
    Topics topics = Topics.named("-" + content + "x-" + partitions, partitions);
    for (DataSet sent : dataSets.values()) {
      if (sent.topics().equals(topics)) {
        return sent;
      }
    }
    return DataSet.send(
        broker, topics, seed, impressions, impressions / 4, span.dividedBy(content));
  }

  /**
   * What an event costs that waits in a window: the window is open at the end, and holds all. The
   * heap is resident from the start, so what is resident afterwards in addition is off the heap.
   */
  private void held(Broker broker, WorkDirectory work, String system, PrintWriter out)
      throws IOException {
    int count = impressions / 4;
    Topics topics = Topics.named("-held-" + system, Topics.PARTITIONS);
    broker.createTopics(topics.partitions(), topics.impressions(), topics.clicks());
    String group = "held-" + system;
    Path directory = work.directory(group);
    Contestant.Command command =
        contestants()
            .named(system)
            .launch()
            .at(new Contestant.Place(broker.address(), topics, "", group, directory));
    List<String> options = options();
    options.add("-XX:+AlwaysPreTouch");
    try (Child child =
        Child.start(
            system,
            options,
            command.classPath(),
            command.mainClass(),
            command.arguments(),
            directory)) {
      String ofGroup = child.line(START_LIMIT).split(" ")[0];
      String[] before = child.ask("memory", START_LIMIT).split(" ");
      DataSet.fill(broker, topics, new JoinData(seed, count, 0, JoinData.WINDOW.dividedBy(2)));
      awaitStill(broker, ofGroup, topics, count, child);
      String[] after = child.ask("memory", START_LIMIT).split(" ");
      out.printf(
          "%s holds %,d impressions: %.0f bytes each on the heap, at most %.0f beside it%n",
          system,
          count,
          (Long.parseLong(after[0]) - Long.parseLong(before[0])) / (double) count,
          Math.max(0, Long.parseLong(after[1]) - Long.parseLong(before[1])) / (double) count);
      out.flush();
    }
  }

  /** Until all raw records are read, and nothing moves any more in the logs either. */
  private void awaitStill(Broker broker, String group, Topics topics, int count, Child child) {
    long startNanos = System.nanoTime();
    long position = -1;
    long movedNanos = startNanos;
    while (true) {
      child.check();
      long now = System.nanoTime();
      long next = broker.position(group);
      if (next != position) {
        position = next;
        movedNanos = now;
      }
      if (broker.position(group, topics) >= count && now - movedNanos > STILL_NANOS) {
        return;
      }
      if (now - startNanos > limit.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT, "the stream had not read everything after %s".formatted(limit));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static void explain(PrintWriter out) {
    Samples millis = new Samples();
    double first = 0;
    for (int i = 0; i < EXPLAINED; i++) {
      long startNanos = System.nanoTime();
      Plan plan =
          Planner.plan(HundredOperators.class.getName(), HundredOperators.class.getClassLoader());
      Grants grants = Grants.limited(plan, JoinData.WINDOW, Map.of());
      int length = Explain.stream(plan, grants, JoinData.LATENESS, "growth").length();
      double took = (System.nanoTime() - startNanos) / 1e6;
      if (plan.nodes().size() != HundredOperators.OPERATORS || length == 0) {
        throw new StarfireException(
            ErrorCode.INTERNAL,
            "the plan has %d operators, expected %d"
                .formatted(plan.nodes().size(), HundredOperators.OPERATORS));
      }
      if (i == 0) {
        first = took;
      } else {
        millis.add(took);
      }
    }
    out.printf(
        "plan and explain %d operators: %.0f ms the first time, then %s ms%n",
        HundredOperators.OPERATORS, first, millis.summary(1));
    out.flush();
  }

  private Contestants contestants() {
    return new Contestants(Duration.ofMillis(commitMillis), settings, 1);
  }

  private List<String> options() {
    return new ArrayList<>(
        List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"));
  }
}
