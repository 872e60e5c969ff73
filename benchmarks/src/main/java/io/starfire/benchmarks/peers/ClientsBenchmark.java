package io.starfire.benchmarks.peers;

import io.starfire.benchmarks.process.Machine;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Many clients ask running servers the small queries of a dashboard, each the next as soon as it
 * has an answer. The servers take turns. Each client asks the same queries of all servers.
 */
@Command(
    name = "clients",
    description = {
      "Throughput and p99 of many clients with dashboard queries on running servers.",
      "Both servers hold TPC-H's lineitem, as for 'peers'."
    },
    mixinStandardHelpOptions = true)
public final class ClientsBenchmark implements Callable<Integer> {
  @Option(names = "--starfire", required = true, paramLabel = "URL", description = "Starfire.")
  private String starfire;

  @Option(names = "--druid", paramLabel = "URL", description = "A Druid broker or router.")
  private String druid;

  @Option(
      names = "--data-source",
      defaultValue = "lineitem",
      description = "On both servers (${DEFAULT-VALUE}).")
  private String dataSource;

  @Option(names = "--clients", defaultValue = "64", description = "(${DEFAULT-VALUE}).")
  private int clients;

  @Option(names = "--seconds", defaultValue = "30", description = "Counted (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "15",
      description = "Seconds, not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--rounds", defaultValue = "2", description = "Of both (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--seed", defaultValue = "42", description = "Of the queries (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--caches", description = "Let the servers answer from their caches.")
  private boolean caches;

  @Option(names = "--quick", description = "One round of 10 seconds.")
  private boolean quick;

  @Spec private CommandSpec spec;

  /** What a client has seen. */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  private record Seen(long[] nanos, int failed) {}

  /** What all clients have seen of a server. */
  private record Figures(double perSecond, double median, double p99, int failed) {}

  @Override
  public Integer call() throws InterruptedException {
    if (quick) {
      rounds = 1;
      seconds = 10;
      warmUp = 5;
    }
    Map<String, String> servers = new LinkedHashMap<>();
    servers.put("starfire", starfire);
    if (druid != null) {
      servers.put("druid", druid);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d clients, %d s after %d s of warm-up, caches %s; %s%n%n",
        clients, seconds, warmUp, caches ? "on" : "off", Machine.load());
    out.println("| round | server | queries/s | median, ms | p99, ms | failed |");
    out.println("|---|---|---|---|---|---|");
    for (int round = 1; round <= rounds; round++) {
      Map<String, Figures> figures = new LinkedHashMap<>();
      for (Map.Entry<String, String> server : servers.entrySet()) {
        List<Seen> unused = run(server, warmUp, round);
        Figures measured = figures(run(server, seconds, round), seconds);
        figures.put(server.getKey(), measured);
        print(out, Integer.toString(round), server.getKey(), measured);
      }
      Figures own = figures.get("starfire");
      Figures other = figures.get("druid");
      if (other != null) {
        out.printf(
            Locale.ROOT,
            "| %d | starfire / druid | %.2f | %.2f | %.2f | |%n",
            round,
            own.perSecond() / other.perSecond(),
            own.median() / other.median(),
            own.p99() / other.p99());
      }
      out.flush();
    }
    return 0;
  }

  private static void print(PrintWriter out, String round, String name, Figures figures) {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.1f | %.1f | %d |%n",
        round,
        name,
        figures.perSecond(),
        figures.median(),
        figures.p99(),
        figures.failed());
    out.flush();
  }

  private List<Seen> run(Map.Entry<String, String> server, int duration, int round)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      long end = System.nanoTime() + duration * 1_000_000_000L;
      List<Future<Seen>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        DashboardQueries queries =
            new DashboardQueries(dataSource, caches, seed + 1_000L * round + client);
        running.add(threads.submit(() -> ask(server, queries, end)));
      }
      List<Seen> seen = new ArrayList<>();
      for (Future<Seen> each : running) {
        seen.add(each.get());
      }
      return seen;
    } catch (ExecutionException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "a client ended: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Each client has a connection of its own. */
  private Seen ask(Map.Entry<String, String> server, DashboardQueries queries, long end) {
    long[] nanos = new long[1024];
    int count = 0;
    int failed = 0;
    try (HttpPeer peer = new HttpPeer(server.getKey(), server.getValue(), dataSource)) {
      while (System.nanoTime() - end < 0) {
        try {
          long took = peer.timeText(queries.next());
          nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
          nanos[count++] = took;
        } catch (Peer.UnsupportedQueryException e) {
          failed++;
        }
      }
    }
    return new Seen(Arrays.copyOf(nanos, count), failed);
  }

  private static Figures figures(List<Seen> seen, int duration) {
    long[] all =
        seen.stream().flatMapToLong(each -> Arrays.stream(each.nanos())).sorted().toArray();
    int failed = seen.stream().mapToInt(Seen::failed).sum();
    if (all.length == 0) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT, "no query was answered, %,d failed".formatted(failed));
    }
    return new Figures(
        (double) all.length / duration,
        all[all.length / 2] / 1e6,
        all[(int) Math.min(all.length - 1, Math.round(all.length * 0.99))] / 1e6,
        failed);
  }
}
