package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Latency of queries over HTTP on a standalone server, one at a time, from sending the query until
 * the answer's last byte. The queries take turns, so that a change of the machine's speed meets all
 * of them; the first pass warms the JVM up and is not counted. The totals are checked first.
 */
@Command(
    name = "query",
    description = "Median latency of timeseries and groupBy queries over HTTP.",
    mixinStandardHelpOptions = true)
final class QueryBenchmark implements Callable<Integer> {
  private static final String PATH = "/druid/v2";
  private static final String SUMS =
      """
      "aggregations":[{"type":"longSum","name":"impressions","fieldName":"impressions"},
        {"type":"longSum","name":"clicks","fieldName":"clicks"},
        {"type":"doubleSum","name":"revenue","fieldName":"revenue"}]""";

  @Option(names = "--rows", defaultValue = "1000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--threads", defaultValue = "2", description = "For scans (${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--rounds", defaultValue = "30", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "30", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    AdRows data = AdRows.generate(seed, rows, false);
    Table table = new Table(spec.commandLine().getOut());
    table.row(
        "data",
        "%,d rows in %d segments, seed %d, rollup off, %d scan threads"
            .formatted(data.rows(), data.hours().size(), seed, threads));
    try (WorkDirectory work = new WorkDirectory()) {
      Path deepStorage = work.directory("deep");
      try (ServerUnderTest server =
          new ServerUnderTest(work.directory("data"), deepStorage, threads)) {
        AdSegments.publish(data, server, work.directory("work"), deepStorage);
        measure(data, server, table);
      }
    }
    table.peakMemory();
    return 0;
  }

  private void measure(AdRows data, ServerUnderTest server, Table table) {
    Map<String, String> queries = queries(data);
    check(data, server.json(server.postText(PATH, queries.get("timeseries, all"))));
    Map<String, Samples> millis = new LinkedHashMap<>();
    for (int round = 0; round < warmUp + rounds; round++) {
      for (Map.Entry<String, String> query : queries.entrySet()) {
        long start = System.nanoTime();
        byte[] answer = server.postText(PATH, query.getValue());
        long nanos = System.nanoTime() - start;
        if (round >= warmUp && answer.length > 0) {
          millis.computeIfAbsent(query.getKey(), name -> new Samples()).add(nanos / 1e6);
        }
      }
    }
    millis.forEach((name, samples) -> table.row(name + ", ms", samples.summary(1)));
  }

  private static Map<String, String> queries(AdRows data) {
    String name = data.schema().name();
    String interval = data.interval().toString();
    String head = "\"dataSource\":\"%s\",\"intervals\":[\"%s\"],".formatted(name, interval);
    String site =
        "\"filter\":{\"type\":\"selector\",\"dimension\":\"publisher\",\"value\":\"%s\"},";
    String common = site.formatted("site-01.example");
    String rare = site.formatted("site-40.example");
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put("timeseries, all", timeseries(head, "all"));
    queries.put("timeseries, by hour", timeseries(head, "hour"));
    queries.put("timeseries, by minute", timeseries(head, "minute"));
    queries.put("timeseries, by hour, the largest publisher", timeseries(head + common, "hour"));
    queries.put("timeseries, by hour, a small publisher", timeseries(head + rare, "hour"));
    queries.put("groupBy publisher", groupBy(head, "\"publisher\""));
    queries.put(
        "groupBy publisher, clicked ones",
        groupBy(
            head
                + "\"filter\":{\"type\":\"selector\",\"dimension\":\"isClicked\",\"value\":\"true\"},",
            "\"publisher\""));
    queries.put(
        "groupBy advertiserName, publisher", groupBy(head, "\"advertiserName\",\"publisher\""));
    queries.put(
        "groupBy advertiserName, publisher, city",
        groupBy(head, "\"advertiserName\",\"publisher\",\"city\""));
    return queries;
  }

  private static String timeseries(String head, String granularity) {
    return "{\"queryType\":\"timeseries\",%s\"granularity\":\"%s\",%s}"
        .formatted(head, granularity, SUMS);
  }

  private static String groupBy(String head, String dimensions) {
    return "{\"queryType\":\"groupBy\",%s\"granularity\":\"all\",\"dimensions\":[%s],%s}"
        .formatted(head, dimensions, SUMS);
  }

  /** A fast wrong answer is worth nothing. */
  private static void check(AdRows data, JsonNode answer) {
    JsonNode totals = answer.path(0).path("result");
    boolean right =
        totals.path("impressions").asLong() == data.rows()
            && totals.path("clicks").asLong() == data.clicks()
            && totals.path("revenue").asDouble() == data.revenue();
    if (!right) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "the server's totals are %s, expected %d impressions, %d clicks and revenue %s"
              .formatted(totals, data.rows(), data.clicks(), data.revenue()));
    }
  }
}
