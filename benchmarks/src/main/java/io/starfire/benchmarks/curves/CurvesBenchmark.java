package io.starfire.benchmarks.curves;

import io.starfire.benchmarks.Samples;
import io.starfire.benchmarks.SegmentPublisher;
import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.process.Machine;
import io.starfire.benchmarks.process.ServerProcess;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
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
 * How long queries take over generated rows on a server in a process of its own, as rows, segments
 * or values of a dimension grow, and the first time after a start or a publication. Queries take
 * turns, one at a time, over HTTP, without the caches of results.
 */
@Command(
    name = "curves",
    description = {
      "Time of queries as rows, segments and values grow; the first query after a start.",
      "Generated rows; scale factor 1 is 6 million of them."
    },
    mixinStandardHelpOptions = true)
public final class CurvesBenchmark implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int SEGMENTS = 7;
  private static final String DATA_SOURCE = "made";

  /** What can be measured. */
  enum Curve {
    SCALE,
    SEGMENTS,
    VALUES,
    FIRST
  }

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "scale,segments,values,first",
      description = "Some of scale, segments, values, first (all).")
  private List<String> only;

  @Option(
      names = "--scales",
      split = ",",
      defaultValue = "0.1,1,5",
      description = "Scale factors; ratios are to the second (${DEFAULT-VALUE}).")
  private List<Double> scales;

  @Option(
      names = "--segments",
      split = ",",
      defaultValue = "1,10,100,1000",
      description = "Of the same rows; ratios are to the first (${DEFAULT-VALUE}).")
  private List<Integer> segments;

  @Option(
      names = "--values",
      split = ",",
      defaultValue = "10,100,1000,10000,100000,1000000,10000000",
      description = "Of a dimension; as many rows as the most of them (${DEFAULT-VALUE}).")
  private List<Integer> values;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "Factor of segments and first (${DEFAULT-VALUE}).")
  private double scale;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--threads", defaultValue = "2", description = "For scans (${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the server (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--rounds", defaultValue = "11", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "15", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--quick", description = "Few rows and rounds: two minutes.")
  private boolean quick;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (quick) {
      scales = List.of(0.02, 0.1);
      segments = List.of(1, 10, 100);
      values = List.of(10, 1_000, 100_000);
      scale = 0.05;
      rounds = 5;
      warmUp = 5;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.describe(heap) + ", %d scan threads, seed %d".formatted(threads, seed));
    for (String name : only) {
      switch (curve(name)) {
        case SCALE -> ofScale();
        case SEGMENTS -> ofSegments();
        case VALUES -> ofValues();
        case FIRST -> ofFirst();
      }
    }
    out.println(Machine.load());
    return 0;
  }

  private static Curve curve(String name) {
    try {
      return Curve.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "--only %s: there is no such curve; take some of scale, segments, values, first"
              .formatted(name),
          e);
    }
  }

  private void ofScale() throws IOException {
    List<String> names = new ArrayList<>();
    List<Map<String, Samples>> columns = new ArrayList<>();
    List<Double> perRow = new ArrayList<>();
    for (double factor : scales) {
      MadeRows rows = MadeRows.likeLineitem(DATA_SOURCE, factor, SEGMENTS, seed);
      names.add("%s: %,d rows".formatted(factor, rows.rows()));
      perRow.add((double) rows.rows());
      columns.add(measured(rows, MadeQueries.ofEachKind(DATA_SOURCE)));
    }
    title("scale factors, ms; in brackets the time of a row, to that of the second column");
    print(names, columns, perRow, Math.min(1, names.size() - 1));
  }

  private void ofSegments() throws IOException {
    List<String> names = new ArrayList<>();
    List<Map<String, Samples>> columns = new ArrayList<>();
    List<Double> same = new ArrayList<>();
    for (int count : segments) {
      MadeRows rows = MadeRows.likeLineitem(DATA_SOURCE, scale, count, seed);
      names.add("%,d segments".formatted(count));
      same.add(1.0);
      columns.add(measured(rows, MadeQueries.ofEachKind(DATA_SOURCE)));
    }
    title(
        "%,d rows in more and more segments, ms; in brackets the ratio to the first column"
            .formatted(Math.round(6_000_000 * scale)));
    print(names, columns, same, 0);
  }

  /** One data source with a dimension of each number of values. */
  private void ofValues() throws IOException {
    List<String> columns = values.stream().map(count -> "of" + count).toList();
    int most = values.stream().mapToInt(count -> count).max().orElseThrow();
    MadeRows rows = new MadeRows(DATA_SOURCE, columns, values, most, SEGMENTS, seed);
    Map<String, Samples> samples = measured(rows, MadeQueries.best(DATA_SOURCE, columns));
    title("top 100 of a dimension of so many values over %,d rows, ms".formatted(rows.rows()));
    PrintWriter out = spec.commandLine().getOut();
    out.println("| values | median (range) |\n|---|---|");
    for (int i = 0; i < columns.size(); i++) {
      out.printf(
          "| %,d | %s |%n", values.get(i), samples.get("top 100 of " + columns.get(i)).summary(1));
    }
    out.flush();
  }

  private Map<String, Samples> measured(MadeRows rows, Map<String, String> queries)
      throws IOException {
    try (WorkDirectory work = new WorkDirectory()) {
      Path directory = work.directory("server");
      try (ServerProcess server = start(directory)) {
        publish(rows, server, work, directory, rows.days());
        progress("%,d rows in %d segments are there", rows.rows(), rows.segments());
        return rounds(server, queries);
      }
    }
  }

  /** The queries take turns, so that a change of the machine's speed meets all of them. */
  private Map<String, Samples> rounds(ServerProcess server, Map<String, String> queries) {
    Map<String, Samples> samples = new LinkedHashMap<>();
    queries.keySet().forEach(name -> samples.put(name, new Samples()));
    for (int round = 0; round < warmUp + rounds; round++) {
      for (Map.Entry<String, String> query : queries.entrySet()) {
        double millis = millis(server, query.getValue());
        if (round >= warmUp) {
          samples.get(query.getKey()).add(millis);
        }
      }
    }
    progress("%d rounds of %d queries are done", warmUp + rounds, queries.size());
    return samples;
  }

  private static double millis(ServerProcess server, String query) {
    long start = System.nanoTime();
    byte[] answer = server.postText("/druid/v2", query);
    long nanos = System.nanoTime() - start;
    if (answer.length == 0) {
      throw new StarfireException(ErrorCode.WRONG_RESULT, "an answer is empty: " + query);
    }
    return nanos / 1e6;
  }

  /**
   * The first time of each query: after a start of the server, whose JVM is cold and which has no
   * maps between dictionaries, and after a segment was replaced, with the JVM warm.
   */
  private void ofFirst() throws IOException {
    MadeRows rows = MadeRows.likeLineitem(DATA_SOURCE, scale, SEGMENTS, seed);
    Map<String, String> queries = MadeQueries.ofEachKind(DATA_SOURCE);
    Map<String, Double> afterStart = new LinkedHashMap<>();
    Map<String, Double> afterPublication = new LinkedHashMap<>();
    Map<String, Samples> steady;
    try (WorkDirectory work = new WorkDirectory()) {
      Path directory = work.directory("server");
      try (ServerProcess server = start(directory)) {
        publish(rows, server, work, directory, rows.days());
      }
      for (Map.Entry<String, String> query : queries.entrySet()) {
        try (ServerProcess server = start(directory)) {
          awaitRows(server, rows);
          afterStart.put(query.getKey(), millis(server, query.getValue()));
        }
        progress("after a start: %s", query.getKey());
      }
      try (ServerProcess server = start(directory)) {
        awaitRows(server, rows);
        steady = rounds(server, queries);
        for (Map.Entry<String, String> query : queries.entrySet()) {
          publish(rows, server, work, directory, List.of(MadeRows.day(0)));
          awaitRows(server, rows);
          afterPublication.put(query.getKey(), millis(server, query.getValue()));
          progress("after a publication: %s", query.getKey());
        }
      }
    }
    title("%,d rows in %d segments: the first query, ms".formatted(rows.rows(), rows.segments()));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "| query | later, median (range) | first after a publication | first after a start |");
    out.println("|---|---|---|---|");
    steady.forEach(
        (name, samples) ->
            out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f (%+.1f) | %.1f (%+.1f) |%n",
                name,
                samples.summary(1),
                afterPublication.get(name),
                afterPublication.get(name) - samples.median(),
                afterStart.get(name),
                afterStart.get(name) - samples.median()));
    out.flush();
  }

  private ServerProcess start(Path directory) {
    return ServerProcess.start(directory, heap, List.of("starfire.server.scan-threads=" + threads));
  }

  private void publish(
      MadeRows rows, ServerProcess server, WorkDirectory work, Path directory, List<Interval> days)
      throws IOException {
    new SegmentPublisher(
            server, rows.schema(), work.directory("work"), ServerProcess.deepStorage(directory))
        .publish(days, rows::addTo);
    awaitRows(server, rows);
  }

  private static void awaitRows(ServerProcess server, MadeRows rows) {
    server.await(
        "%,d rows".formatted(rows.rows()),
        LIMIT,
        () -> server.sum(DATA_SOURCE, MadeRows.COUNT) == rows.rows());
  }

  private void title(String text) {
    spec.commandLine().getOut().printf("%n%s%n%n", text);
  }

  /**
   * A table of medians with ratios.
   *
   * @param divisors by which a column's times are divided before they are compared
   * @param base the column that the others are compared with
   */
  private void print(
      List<String> names, List<Map<String, Samples>> columns, List<Double> divisors, int base) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("| query | " + String.join(" | ", names) + " |");
    out.println("|---|" + "---|".repeat(names.size()));
    for (String query : columns.get(0).keySet()) {
      StringBuilder row = new StringBuilder("| ").append(query).append(" |");
      double compared = columns.get(base).get(query).median() / divisors.get(base);
      for (int i = 0; i < columns.size(); i++) {
        double median = columns.get(i).get(query).median();
        row.append(
            String.format(
                Locale.ROOT, " %.1f (%.2f) |", median, median / divisors.get(i) / compared));
      }
      out.println(row);
    }
    out.flush();
  }

  private void progress(String text, Object... values) {
    spec.commandLine().getErr().printf(Locale.ROOT, text + "%n", values);
    spec.commandLine().getErr().flush();
  }
}
