package io.starfire.benchmarks.peers;

import io.starfire.benchmarks.peers.Peer.UnsupportedQueryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Asks a running Starfire server, a running Druid broker, DuckDB and ClickHouse (chdb) the same
 * questions about TPC-H's lineitem, in turns, one at a time. The answers are compared first. Each
 * pass asks all questions; the last is the one to quote, since a JVM is not warm before.
 */
@Command(
    name = "peers",
    description = {
      "Median latency of native queries on running servers, beside DuckDB and chdb in process.",
      "Starfire: 'starfire index lineitem.tbl --spec benchmarks/lineitem-spec.json'. Druid: the"
          + " same spec with an inputSource, POSTed to /druid/indexer/v1/task. lineitem.tbl is what"
          + " 'benchmarks/run lineitem' writes."
    },
    mixinStandardHelpOptions = true)
public final class PeersBenchmark implements Callable<Integer> {
  @Option(names = "--starfire", required = true, paramLabel = "URL", description = "Starfire.")
  private String starfire;

  @Option(names = "--druid", paramLabel = "URL", description = "A Druid broker or router.")
  private String druid;

  @Option(names = "--lineitem", paramLabel = "FILE", description = "For DuckDB and chdb to load.")
  private Path lineitem;

  @Option(
      names = "--duckdb",
      paramLabel = "FILE",
      description = "DuckDB's database; made if it is not there.")
  private Path duckdb;

  @Option(
      names = "--chdb",
      paramLabel = "DIRECTORY",
      description = "Of chdb's database; made if it is not there.")
  private Path chdb;

  @Option(
      names = "--python",
      defaultValue = "python3",
      description = "With 'pip install chdb==4.4.0' (${DEFAULT-VALUE}).")
  private String python;

  @Option(
      names = "--data-source",
      defaultValue = "lineitem",
      description = "On both servers (${DEFAULT-VALUE}).")
  private String dataSource;

  @Option(
      names = "--queries",
      description = "Directory of queries (default: benchmarks/queries of the project).")
  private Path queries;

  @Option(names = "--only", split = ",", description = "Names of queries, instead of all.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "Of DuckDB and chdb (${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--rounds", defaultValue = "15", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "3", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--passes", defaultValue = "2", description = "(${DEFAULT-VALUE}).")
  private int passes;

  @Option(names = "--quick", description = "One pass of 3 rounds after 1: two minutes.")
  private boolean quick;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (quick) {
      passes = 1;
      rounds = 3;
      warmUp = 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Peer> peers = peers();
    try {
      List<PeerQuery> asked =
          PeerQuery.readAll(PeerQuery.directory(queries)).stream()
              .filter(query -> only.isEmpty() || only.contains(query.name()))
              .toList();
      out.println("answers");
      boolean agree = true;
      for (PeerQuery query : asked) {
        agree &= compare(query, peers, out);
      }
      for (int pass = 1; pass <= passes; pass++) {
        out.printf("%npass %d of %d, median ms of %d%n%n", pass, passes, rounds);
        printHead(peers, out);
        for (PeerQuery query : asked) {
          printRow(query, peers, measure(query, peers), out);
        }
      }
      return agree ? 0 : 1;
    } finally {
      peers.forEach(Peer::close);
    }
  }

  private List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    peers.add(new HttpPeer("starfire", starfire, dataSource));
    if (druid != null) {
      peers.add(new HttpPeer("druid", druid, dataSource));
    }
    if (duckdb != null) {
      peers.add(new DuckDbPeer(duckdb, required(lineitem), threads));
    }
    if (chdb != null && ChdbProcess.isThere(python)) {
      peers.addAll(ChdbProcess.start(python, chdb, required(lineitem), threads).peers());
    } else if (chdb != null) {
      spec.commandLine()
          .getErr()
          .printf(
              "chdb is left out: %s has no module chdb; install it with 'pip install chdb==4.4.0',"
                  + " or name another Python with --python%n",
              python);
    }
    return peers;
  }

  private Path required(Path file) {
    if (file == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--duckdb and --chdb need --lineitem, to load their tables from.");
    }
    return file;
  }

  /** Whether all exact answers agree with Starfire's; prints what does not. */
  private static boolean compare(PeerQuery query, List<Peer> peers, PrintWriter out) {
    Map<Peer, List<List<Object>>> answers = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    for (Peer peer : peers) {
      try {
        answers.put(peer, peer.answer(query));
      } catch (UnsupportedQueryException e) {
        remarks.add("%s: not supported, %s".formatted(peer.name(), e.getMessage()));
      }
    }
    List<List<Object>> own = answers.remove(peers.get(0));
    boolean agree = true;
    for (Map.Entry<Peer, List<List<Object>>> other : answers.entrySet()) {
      String difference =
          own == null || query.compare().isEmpty() ? "" : Answers.difference(own, other.getValue());
      if (!difference.isEmpty()) {
        boolean expected = query.isApproximate(other.getKey().family());
        agree &= expected;
        remarks.add(
            "%s differs%s: %s"
                .formatted(other.getKey().name(), expected ? ", as expected" : "", difference));
      } else if (own != null && !query.compare().isEmpty()) {
        remarks.add(other.getKey().name() + " agrees");
      }
    }
    out.printf("  %s: %s%n", query.name(), String.join("; ", remarks));
    out.flush();
    return agree;
  }

  /** Median milliseconds by peer; peers that do not support the query are left out. */
  private Map<String, Double> measure(PeerQuery query, List<Peer> peers) {
    Map<Peer, double[]> millis = new LinkedHashMap<>();
    for (Peer peer : peers) {
      if (warmedUp(peer, query)) {
        millis.put(peer, new double[rounds]);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Peer, double[]> samples : millis.entrySet()) {
        samples.getValue()[round] = samples.getKey().time(query) / 1e6;
      }
    }
    return millis.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().name(), e -> median(e.getValue())));
  }

  /** False if the peer does not have it, which was said when the answers were compared. */
  private boolean warmedUp(Peer peer, PeerQuery query) {
    try {
      for (int i = 0; i < warmUp; i++) {
        long unused = peer.time(query);
      }
      return true;
    } catch (UnsupportedQueryException e) {
      return false;
    }
  }

  private static double median(double[] samples) {
    Arrays.sort(samples);
    int middle = samples.length / 2;
    return samples.length % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
  }

  private static void printHead(List<Peer> peers, PrintWriter out) {
    String names = peers.stream().map(Peer::name).collect(Collectors.joining(" | "));
    List<String> families = families(peers);
    String ratios = families.stream().map(name -> " / " + name).collect(Collectors.joining(" |"));
    out.printf("| query | %s |%s |%n", names, ratios);
    out.println("|---|" + "---|".repeat(peers.size() + families.size()));
  }

  /** Of the others, in their order. */
  private static List<String> families(List<Peer> peers) {
    return peers.stream().skip(1).map(Peer::family).distinct().toList();
  }

  private static void printRow(
      PeerQuery query, List<Peer> peers, Map<String, Double> medians, PrintWriter out) {
    StringBuilder row = new StringBuilder("| ").append(query.name()).append(" |");
    for (Peer peer : peers) {
      row.append(' ').append(cell(medians.get(peer.name()))).append(" |");
    }
    Double own = medians.get("starfire");
    for (String family : families(peers)) {
      Double other =
          peers.stream()
              .filter(peer -> peer.family().equals(family))
              .map(peer -> medians.get(peer.name()))
              .filter(Objects::nonNull)
              .min(Double::compare)
              .orElse(null);
      String ratio =
          own == null || other == null ? "–" : String.format(Locale.ROOT, "%.2f", own / other);
      row.append(' ').append(ratio).append(" |");
    }
    out.println(row);
    out.flush();
  }

  private static String cell(Double millis) {
    return millis == null
        ? "–"
        : String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%.0f", millis);
  }
}
