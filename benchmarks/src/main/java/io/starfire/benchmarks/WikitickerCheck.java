package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.serving.realtime.RealtimeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Edits of Wikipedia through a topic and a supervisor whose spec names no dimension. Sums and
 * groups are compared with those computed from the file: while the rows are live, after they were
 * handed off, and after a restart.
 */
@Command(
    name = "wikiticker",
    description = {
      "Loads a file of Wikipedia edits (JSON lines, packed by gzip or not) through Kafka and a supervisor,",
      "and compares sums and groups with those computed from the file. Exit code 1 if one differs."
    },
    mixinStandardHelpOptions = true)
final class WikitickerCheck implements Callable<Integer> {
  private static final String TOPIC = "wikiticker";
  private static final int PARTITIONS = 2;
  private static final List<String> METRICS = List.of("added", "deleted", "delta");
  private static final List<String> DIMENSIONS = List.of("channel", "page", "user");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Parameters(paramLabel = "FILE", description = "Such as wikiticker-2015-09-12-sampled.json.gz.")
  private Path file;

  @Spec private CommandSpec command;

  private final Map<String, Long> sums = new HashMap<>();
  private final Map<String, Map<String, List<Long>>> groups = new HashMap<>();
  private long rows;
  private int differences;

  @Override
  public Integer call() throws IOException {
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.start(work.directory("kafka"))) {
      kafka.createTopic(TOPIC, PARTITIONS);
      try (ServerUnderTest server = start(work, kafka)) {
        server.postText("/druid/indexer/v1/supervisor", spec(kafka));
        long start = System.nanoTime();
        send(kafka);
        await("all rows", () -> count(server) == rows);
        say("%,d rows visible %.1f s after the first was sent", rows, seconds(start));
        compare(server, "live");
        start = System.nanoTime();
        server.postText("/druid/indexer/v1/supervisor/wikiticker/suspend", "");
        await("the hand-off", () -> committed(server) == rows);
        say("handed off after %.1f s", seconds(start));
        compare(server, "handed off");
      }
      try (ServerUnderTest server = start(work, kafka)) {
        compare(server, "restarted");
      }
    }
    say(differences == 0 ? "all equal" : differences + " differences");
    return differences == 0 ? 0 : 1;
  }

  private static ServerUnderTest start(WorkDirectory work, EmbeddedKafka kafka) throws IOException {
    Path data = work.directory("data");
    RealtimeSettings realtime =
        RealtimeSettings.builder(
                data.resolve("realtime"), Map.of("bootstrap.servers", kafka.bootstrapServers()))
            .build();
    return new ServerUnderTest(data, work.directory("deep"), 2, Optional.of(realtime));
  }

  private static String spec(EmbeddedKafka kafka) {
    return """
        {"type": "kafka", "spec": {
          "dataSchema": {
            "dataSource": "wikiticker",
            "timestampSpec": {"column": "time", "format": "auto"},
            "dimensionsSpec": {"dimensions": []},
            "metricsSpec": [
              {"name": "count", "type": "count"},
              {"name": "added", "fieldName": "added", "type": "longSum"},
              {"name": "deleted", "fieldName": "deleted", "type": "longSum"},
              {"name": "delta", "fieldName": "delta", "type": "longSum"}],
            "granularitySpec": {"segmentGranularity": "DAY", "queryGranularity": "NONE"}},
          "ioConfig": {
            "topic": "wikiticker", "useEarliestOffset": true, "inputFormat": {"type": "json"},
            "consumerProperties": {"bootstrap.servers": "%s"}},
          "tuningConfig": {"type": "kafka", "maxRowsInMemory": 7000}}}
        """
        .formatted(kafka.bootstrapServers());
  }

  /** Sends each line, and adds it to what is expected. */
  private void send(EmbeddedKafka kafka) throws IOException {
    try (BufferedReader lines = open();
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        expect(MAPPER.readTree(line));
        byte[] value = line.getBytes(StandardCharsets.UTF_8);
        int partition = (int) (rows % PARTITIONS);
        var unused = producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
      }
      producer.flush();
    }
  }

  private BufferedReader open() throws IOException {
    InputStream in = Files.newInputStream(file);
    boolean packed = file.toString().endsWith(".gz");
    return new BufferedReader(
        new InputStreamReader(packed ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8));
  }

  private void expect(JsonNode row) {
    rows++;
    for (String metric : METRICS) {
      sums.merge(metric, row.path(metric).asLong(), Long::sum);
    }
    for (String dimension : DIMENSIONS) {
      groups
          .computeIfAbsent(dimension, name -> new HashMap<>())
          .merge(key(row.path(dimension)), measures(1, row), WikitickerCheck::add);
    }
  }

  private static List<Long> measures(long count, JsonNode row) {
    return List.of(
        count,
        row.path("added").asLong(),
        row.path("deleted").asLong(),
        row.path("delta").asLong());
  }

  private static List<Long> add(List<Long> one, List<Long> other) {
    return List.of(
        one.get(0) + other.get(0),
        one.get(1) + other.get(1),
        one.get(2) + other.get(2),
        one.get(3) + other.get(3));
  }

  /** A value is never mistaken for no value. */
  private static String key(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? "null" : "'" + value.asText() + "'";
  }

  private void compare(ServerUnderTest server, String when) {
    equal(when + ": rows", rows, count(server));
    for (String metric : METRICS) {
      JsonNode answer = query(server, "timeseries", "", sum(metric, metric));
      equal(
          when + ": sum of " + metric,
          sums.get(metric),
          answer.path(0).path("result").path(metric).asLong());
    }
    for (String dimension : DIMENSIONS) {
      Map<String, List<Long>> found = new HashMap<>();
      JsonNode answer =
          query(
              server,
              "groupBy",
              "\"dimensions\":[\"%s\"],".formatted(dimension),
              String.join(
                  ",",
                  sum("count", "count"),
                  sum("added", "added"),
                  sum("deleted", "deleted"),
                  sum("delta", "delta")));
      for (JsonNode row : answer) {
        JsonNode event = row.path("event");
        found.put(key(event.path(dimension)), measures(event.path("count").asLong(), event));
      }
      equal(
          "%s: %,d groups by %s".formatted(when, found.size(), dimension),
          groups.get(dimension),
          found);
    }
  }

  private void equal(String what, Object expected, Object found) {
    boolean same = expected.equals(found);
    differences += same ? 0 : 1;
    String shown = expected instanceof Map<?, ?> ? "" : " " + found;
    say("%s%s%s", what, shown, same ? "" : "  DIFFERS from the file" + more(expected));
  }

  private static String more(Object expected) {
    return expected instanceof Map<?, ?> groups ? ", which has " + groups.size() : ": " + expected;
  }

  private static long count(ServerUnderTest server) {
    JsonNode answer = query(server, "timeseries", "", sum("count", "count"));
    return answer.path(0).path("result").path("count").asLong();
  }

  private static long committed(ServerUnderTest server) {
    JsonNode payload = server.get("/druid/indexer/v1/supervisor/wikiticker/status").path("payload");
    long offsets = 0;
    for (JsonNode offset : payload.path("committedOffsets")) {
      offsets += offset.asLong();
    }
    return offsets;
  }

  private static String sum(String name, String field) {
    return "{\"type\":\"longSum\",\"name\":\"%s\",\"fieldName\":\"%s\"}".formatted(name, field);
  }

  private static JsonNode query(
      ServerUnderTest server, String type, String more, String aggregations) {
    return server.json(
        server.postText(
            "/druid/v2",
            """
            {"queryType":"%s","dataSource":"wikiticker","granularity":"all",%s
             "intervals":["2015-09-12/P2D"],"aggregations":[%s]}"""
                .formatted(type, more, aggregations)));
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%s did not come within %s".formatted(what, PATIENCE));
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private void say(String sentence, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.println(sentence.formatted(values));
    out.flush();
  }
}
