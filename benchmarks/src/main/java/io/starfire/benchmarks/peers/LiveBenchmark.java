package io.starfire.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.benchmarks.KafkaLines;
import io.starfire.benchmarks.Samples;
import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.peers.Peer.UnsupportedQueryException;
import io.starfire.benchmarks.process.Machine;
import io.starfire.benchmarks.process.ServerProcess;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The queries of {@link PeersBenchmark} over rows that a server has just read from Kafka, and over
 * the segments that it makes of the same rows. The answers are compared too.
 */
@Command(
    name = "live",
    description = {
      "Time of queries over rows just read from Kafka, beside segments of the same rows.",
      "It needs nothing: the broker, the server and the rows are its own."
    },
    mixinStandardHelpOptions = true)
public final class LiveBenchmark implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String COUNT = "count";
  private static final int QUICK_ROWS = 200_000;

  @Option(names = "--rows", defaultValue = "2000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the server (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--threads", defaultValue = "2", description = "For scans (${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--queries",
      description = "Directory of queries (default: benchmarks/queries of the project).")
  private Path queries;

  @Option(names = "--only", split = ",", description = "Names of queries, instead of all.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--rounds", defaultValue = "7", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "10", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--quick", description = "A tenth of the rows and few rounds: two minutes.")
  private boolean quick;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (quick) {
      rows = Math.min(rows, QUICK_ROWS);
      rounds = 3;
      warmUp = 3;
    }
    List<PeerQuery> asked =
        PeerQuery.readAll(PeerQuery.directory(queries)).stream()
            .filter(query -> only.isEmpty() || only.contains(query.name()))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.describe(heap) + ", %d scan threads, %,d rows".formatted(threads, rows));
    Map<String, Samples> live;
    Map<String, Samples> stored;
    boolean agree = true;
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.start(work.directory("kafka"))) {
      long bytes = KafkaLines.send(kafka, seed, rows);
      progress("%,d rows of %d bytes are sent", rows, bytes / rows);
      try (ServerProcess server = server(work, kafka);
          HttpPeer peer = new HttpPeer("starfire", server.url(), KafkaLines.TOPIC)) {
        server.postText("/druid/indexer/v1/supervisor", KafkaLines.supervisor(kafka));
        server.await("all rows", LIMIT, () -> server.sum(KafkaLines.TOPIC, COUNT) >= rows);
        progress("all rows are visible");
        Map<String, List<List<Object>>> answers = answers(peer, asked);
        live = measure(peer, asked);
        server.postText("/druid/indexer/v1/supervisor/%s/suspend".formatted(KafkaLines.TOPIC), "");
        server.await("the hand-off", LIMIT, () -> storedRows(server) >= rows);
        progress("all rows are in segments");
        for (PeerQuery query : asked) {
          agree &= compare(query, answers.get(query.name()), peer);
        }
        stored = measure(peer, asked);
      }
    }
    out.println("| query | live rows, ms | segments, ms | live / segments |\n|---|---|---|---|");
    live.forEach(
        (name, samples) ->
            out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.2f |%n",
                name,
                samples.summary(1),
                stored.get(name).summary(1),
                samples.median() / stored.get(name).median()));
    out.println(Machine.load());
    return agree ? 0 : 1;
  }

  private ServerProcess server(WorkDirectory work, EmbeddedKafka kafka) throws IOException {
    return ServerProcess.start(
        work.directory("server"),
        heap,
        List.of(
            "starfire.server.scan-threads=" + threads,
            "starfire.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
  }

  private static long storedRows(ServerProcess server) {
    JsonNode timeline =
        server.get(
            "/starfire/v1/timeline/%s?interval=1900-01-01/2100-01-01".formatted(KafkaLines.TOPIC));
    long stored = 0;
    for (JsonNode piece : timeline.path("pieces")) {
      stored += piece.path("rows").asLong();
    }
    return stored;
  }

  private static Map<String, List<List<Object>>> answers(HttpPeer peer, List<PeerQuery> asked) {
    Map<String, List<List<Object>>> answers = new LinkedHashMap<>();
    asked.forEach(query -> answers.put(query.name(), peer.answer(query)));
    return answers;
  }

  private boolean compare(PeerQuery query, List<List<Object>> live, HttpPeer peer) {
    String difference =
        query.compare().isEmpty() ? "" : Answers.difference(live, peer.answer(query));
    boolean expected = !query.notes().isEmpty() && query.isApproximate("duckdb");
    if (difference.isEmpty() || expected) {
      return true;
    }
    progress("%s: live rows and segments differ: %s", query.name(), difference);
    return false;
  }

  private Map<String, Samples> measure(HttpPeer peer, List<PeerQuery> asked) {
    Map<String, Samples> samples = new LinkedHashMap<>();
    for (int round = 0; round < warmUp + rounds; round++) {
      for (PeerQuery query : asked) {
        try {
          double millis = peer.time(query) / 1e6;
          if (round >= warmUp) {
            samples.computeIfAbsent(query.name(), name -> new Samples()).add(millis);
          }
        } catch (UnsupportedQueryException e) {
          progress("%s: %s", query.name(), e.getMessage());
        }
      }
    }
    progress("%d rounds of %d queries are done", warmUp + rounds, asked.size());
    return samples;
  }

  private void progress(String text, Object... values) {
    spec.commandLine().getErr().printf(Locale.ROOT, text + "%n", values);
    spec.commandLine().getErr().flush();
  }
}
