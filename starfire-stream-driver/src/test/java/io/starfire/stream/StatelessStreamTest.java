package io.starfire.stream;

import static io.starfire.stream.StreamBench.await;
import static io.starfire.stream.StreamBench.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Topic;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatelessStreamTest {
  @TempDir private static Path directory;

  private static StreamBench bench;

  record Visit(Instant at, String page, int millis) {}

  public static final class Visits implements Pipeline {
    static final DataSource<Visit> PAGES =
        DataSource.named("pages", Visit.class)
            .dimensions("page")
            .count("visits")
            .longSum("millis", Visit::millis);

    @Override
    public void define(Flow flow) {
      flow.source("visits", Visit.class)
          .eventTime(Visit::at)
          .withoutIdentity()
          .map(
              Visit.class,
              visit -> {
                if (visit.millis() < 0) {
                  throw new IllegalArgumentException("negative");
                }
                return visit;
              })
          .filter(visit -> !visit.page().equals("/health"))
          .to(PAGES);
    }
  }

  /** One stream, to a data source, to two topics, and to files, which are left out. */
  public static final class VisitTopics implements Pipeline {
    @Override
    public void define(Flow flow) {
      var visits = flow.source("visits", Visit.class).eventTime(Visit::at).withoutIdentity();
      visits.to(Visits.PAGES);
      visits.to(Topic.named("visited", Visit.class).key(Visit::page).json());
      visits.to(Topic.named("visited-avro", Visit.class).avro());
      visits.to(Files.named("visited", Visit.class).parquet());
    }
  }

  public static final class VisitFiles implements Pipeline {
    @Override
    public void define(Flow flow) {
      flow.source("visits", Visit.class)
          .eventTime(Visit::at)
          .withoutIdentity()
          .to(Files.named("visited", Visit.class).json());
    }
  }

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  private static StarfireConfig config(String prefix, Map<String, String> more) {
    return bench
        .config(prefix, directory.resolve("state"), more)
        .withOverrides(Map.of("starfire.sources.visits.topic", prefix + "-visits"));
  }

  private static String visit(String at, String page, int millis) {
    return "{\"at\":\"%s\",\"page\":\"%s\",\"millis\":%d}".formatted(at, page, millis);
  }

  @Test
  void rowsReachTheDataSourceAndWhatCannotBeReadTheDeadLetters() throws Exception {
    bench.topic("a-visits", 2);
    long now = Instant.parse("2026-11-20T10:30:00Z").toEpochMilli();
    bench.send("a-visits", 0, now, visit("2026-11-20T10:00:01Z", "/", 5));
    bench.send("a-visits", 1, now, visit("2026-11-20T10:00:02Z", "/health", 5));
    bench.send("a-visits", 0, now, "no JSON");
    bench.send("a-visits", 1, now, visit("1969-11-20T10:00:02Z", "/", 5));
    bench.send("a-visits", 1, now, visit("2026-11-20T11:30:00.001Z", "/", 5));
    bench.send("a-visits", 1, now, visit("2026-11-20T11:30:00Z", "/b", 7));
    bench.send("a-visits", 0, now, null);
    bench.flush();
    try (StreamDaemon daemon = daemon("a", Visits.class)) {
      StreamDriver driver = daemon.streams().get(0);
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") == 3);
      await(driver, driver::status, () -> driver.status().count("visits", "UNDECODABLE") == 2);
      await(driver, driver::status, () -> driver.status().count("visits", "BAD_TIME") == 2);
      await(driver, driver::status, () -> driver.status().lag().equals(Map.of("a-visits", 0L)));
      assertThat(driver.status().state()).isEqualTo(StreamStatus.State.RUNNING);
      assertThat(driver.status().count("filter-1", "FILTERED")).isEqualTo(1);
      await(
          driver,
          driver::status,
          () ->
              driver
                  .status()
                  .watermarks()
                  .equals(Map.of("visits", Instant.parse("2026-11-20T09:55:01Z").toEpochMilli())));
      assertThat(get(daemon, "/health").statusCode()).isEqualTo(200);
      assertThat(get(daemon, "/ready").statusCode()).isEqualTo(200);
      assertThat(get(daemon, "/metrics").body())
          .contains(
              "starfire_stream_outcomes_total{operator=\"visits\",outcome=\"BAD_TIME\",pipeline=\"%s\"} 2.0"
                  .formatted(Visits.class.getName()));
      assertThat(get(daemon, "/nothing").statusCode()).isEqualTo(404);
    }
    List<ConsumerRecord<byte[], byte[]>> rows = bench.read("a-data-source-pages");
    assertThat(rows).hasSize(2);
    assertThat(rows).allSatisfy(row -> assertThat(row.timestamp()).isGreaterThan(now));
    DataRow row = DataRowCodec.of(Visits.PAGES.schema()).decode(rows.get(0).value());
    assertThat(row.dimension(0)).isIn("/", "/b");
    List<ConsumerRecord<byte[], byte[]>> letters = bench.read("a-visits-dead-letters");
    assertThat(letters).hasSize(4);
    ConsumerRecord<byte[], byte[]> unread =
        letters.stream()
            .filter(
                letter ->
                    header(letter, DeadLetterHeaders.name(DeadLetter.OUTCOME))
                        .equals("UNDECODABLE"))
            .findFirst()
            .orElseThrow();
    assertThat(new String(unread.value(), StandardCharsets.UTF_8)).isEqualTo("no JSON");
    assertThat(header(unread, DeadLetterHeaders.name(DeadLetter.TOPIC))).isEqualTo("a-visits");
    assertThat(header(unread, DeadLetterHeaders.name(DeadLetter.PARTITION))).isEqualTo("0");
    assertThat(header(unread, DeadLetterHeaders.name(DeadLetter.OFFSET))).isEqualTo("1");
    assertThat(header(unread, DeadLetterHeaders.name(DeadLetter.REASON))).contains("not a Visit");
  }

  @Test
  void aRecordWhoseTimestampCannotBeUsedIsBoundByTheTimeOfReading() throws Exception {
    bench.topic(
        "t-visits", 1, Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
    long distant = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();
    bench.send("t-visits", 0, 0L, visit("9999-12-31T00:00:00Z", "/", 5));
    bench.send("t-visits", 0, distant, visit("9999-12-31T00:00:00Z", "/", 5));
    bench.send("t-visits", 0, 0L, visit("2026-11-20T10:00:01Z", "/", 5));
    bench.send("t-visits", 0, distant, visit("2026-11-20T10:00:02Z", "/", 5));
    bench.flush();
    try (StreamDriver driver = bench.start(Visits.class, config("t", Map.of()))) {
      await(driver, driver::status, () -> driver.status().count("visits", "BAD_TIME") == 2);
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") == 2);
      await(
          driver,
          driver::status,
          () ->
              driver
                  .status()
                  .watermarks()
                  .equals(Map.of("visits", Instant.parse("2026-11-20T09:55:02Z").toEpochMilli())));
    }
    assertThat(bench.read("t-data-source-pages")).hasSize(2);
    assertThat(bench.read("t-visits-dead-letters"))
        .extracting(letter -> header(letter, DeadLetterHeaders.name(DeadLetter.REASON)))
        .allSatisfy(reason -> assertThat(reason).contains("the record's timestamp cannot be used"));
  }

  @Test
  void aStreamGoesOnWhereItWasStopped() throws Exception {
    bench.topic("b-visits", 2);
    for (int i = 0; i < 100; i++) {
      bench.send("b-visits", i % 2, visit("2026-11-20T10:00:00Z", "/" + i, i));
    }
    bench.flush();
    try (StreamDriver driver = bench.start(Visits.class, config("b", Map.of()))) {
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") > 0);
    }
    for (int i = 100; i < 200; i++) {
      bench.send("b-visits", i % 2, visit("2026-11-20T10:00:00Z", "/" + i, i));
    }
    bench.flush();
    try (StreamDriver driver = bench.start(Visits.class, config("b", Map.of()))) {
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") == 200);
    }
    TreeSet<String> pages = new TreeSet<>();
    List<ConsumerRecord<byte[], byte[]>> rows = bench.read("b-data-source-pages");
    DataRowCodec codec = DataRowCodec.of(Visits.PAGES.schema());
    rows.forEach(row -> pages.add((String) codec.decode(row.value()).dimension(0)));
    assertThat(rows).hasSize(200);
    assertThat(pages).hasSize(200);
  }

  @Test
  void topicsForOtherProgramsHoldEachResultOnceAlsoAfterARestart() throws Exception {
    bench.topic("w-visits", 2);
    StarfireConfig config =
        config(
            "w",
            Map.of(
                "starfire.topics.visited.topic", "w.visited",
                "starfire.topics.visited.partitions", "3",
                "starfire.topics.visited-avro.topic", "w-visited-avro",
                "starfire.stream.leave-out-files", "true",
                "starfire.stream.max-record-bytes", "1k"));
    for (int i = 0; i < 50; i++) {
      bench.send("w-visits", i % 2, visit("2026-11-20T10:00:00Z", "/" + i, i));
    }
    bench.send("w-visits", 0, visit("2026-11-20T10:00:00Z", "/" + "x".repeat(980), 7));
    bench.flush();
    try (StreamDriver driver = bench.start(VisitTopics.class, config)) {
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") > 0);
    }
    for (int i = 50; i < 100; i++) {
      bench.send("w-visits", i % 2, visit("2026-11-20T10:00:00Z", "/" + i, i));
    }
    bench.flush();
    try (StreamDriver driver = bench.start(VisitTopics.class, config)) {
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") == 101);
      assertThat(driver.status().count("to-topic-visited", "EMITTED")).isEqualTo(100);
      assertThat(driver.status().count("to-topic-visited", "SINK_REJECTED")).isEqualTo(1);
      assertThat(driver.status().outcomes()).doesNotContainKey("to-files-visited");
      await(driver, driver::status, () -> driver.status().results().size() == 3);
      assertThat(driver.status().results())
          .containsOnlyKeys("pages", "topic visited", "topic visited-avro");
    }
    List<String> told = new ArrayList<>();
    assertThatThrownBy(
            () ->
                StreamDriver.start(
                    StreamOptions.of(
                            VisitTopics.class.getName(), VisitTopics.class.getClassLoader(), config)
                        .beginning(Beginning.reset(StartFrom.EARLIEST), told::add)))
        .hasMessageContaining("nothing was done: from earliest, records of w-visits are read again")
        .hasMessageContaining(
            "topic 'visited' gets the results of these records a second time; topic"
                + " 'visited-avro'");
    assertThat(told)
        .contains(
            "topic 'visited' gets the results of these records a second time, and its consumers see"
                + " both");
    List<ConsumerRecord<byte[], byte[]>> visited = bench.read("w.visited");
    assertThat(visited)
        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
        .hasSize(100)
        .doesNotHaveDuplicates()
        .contains(
            "{\"__time\":\"2026-11-20T10:00:00Z\",\"at\":\"2026-11-20T10:00:00Z\","
                + "\"page\":\"/99\",\"millis\":99}");
    assertThat(visited)
        .allSatisfy(
            record -> {
              String key = new String(record.key(), StandardCharsets.UTF_8);
              assertThat(new String(record.value(), StandardCharsets.UTF_8))
                  .contains("\"page\":\"" + key + "\"");
              assertThat(record.partition())
                  .as("where Kafka's own producers put the key")
                  .isEqualTo(BuiltInPartitioner.partitionForKey(record.key(), 3));
            });
    assertThat(bench.read("w-visited-avro"))
        .allSatisfy(record -> assertThat(record.value()).startsWith(0xC3, 0x01))
        .extracting(record -> ByteBuffer.wrap(record.value()))
        .doesNotHaveDuplicates()
        .hasSizeBetween(100, 101);
    assertThat(bench.read("w-visit-topics-dead-letters"))
        .extracting(letter -> header(letter, DeadLetterHeaders.name(DeadLetter.OPERATOR)))
        .contains("to-topic-visited");
  }

  @Test
  void aTopicThatTheStreamUsesForSomethingElseAndFilesAreRefused() throws Exception {
    bench.topic("v-visits", 1);
    assertThatThrownBy(
            () ->
                bench.start(
                    VisitTopics.class,
                    config(
                        "v",
                        Map.of(
                            "starfire.topics.visited.topic",
                            "v-visits",
                            "starfire.stream.leave-out-files",
                            "true"))))
        .hasMessage(
            "topic 'visited' of the pipeline is 'v-visits' at Kafka, which is the topic of a"
                + " source; set starfire.topics.visited.topic to another");
    bench.topic("v-compacted", 1, Map.of("cleanup.policy", "compact"));
    assertThatThrownBy(
            () ->
                bench.start(
                    VisitTopics.class,
                    config(
                        "v",
                        Map.of(
                            "starfire.topics.visited-avro.topic",
                            "v-compacted",
                            "starfire.stream.leave-out-files",
                            "true"))))
        .hasMessageContaining("v-compacted")
        .hasMessageContaining(
            "the pipeline writes records without a key to it, which a compacted topic refuses");
    assertThatThrownBy(() -> bench.start(VisitFiles.class, config("v", Map.of())))
        .hasMessage(
            "the pipeline writes files 'visited', which only a batch run writes; set"
                + " starfire.stream.leave-out-files = true to run the stream without them");
  }

  @Test
  void theStatusSpeaksOfResultsWhenTheyAreCommitted() throws Exception {
    bench.topic("o-visits", 1);
    for (int i = 0; i < 10; i++) {
      bench.send("o-visits", 0, visit("2026-11-20T10:00:00Z", "/" + i, i));
    }
    bench.flush();
    Map<String, String> slow = Map.of("starfire.stream.commit-interval", "1s");
    try (StreamDriver driver = bench.start(Visits.class, config("o", slow))) {
      await(driver, driver::status, () -> driver.status().results().containsKey("pages"));
      assertThat(bench.read("o-data-source-pages")).isNotEmpty();
    }
  }

  @Test
  void aFailingFunctionStopsTheStreamWithItsSentence() throws Exception {
    bench.topic("c-visits", 1);
    bench.send("c-visits", 0, visit("2026-11-20T10:00:00Z", "/", -1));
    bench.flush();
    try (StreamDriver driver = bench.start(Visits.class, config("c", Map.of()))) {
      assertThat(driver.awaitEnd(Duration.ofSeconds(20))).isTrue();
      assertThat(driver.status().state()).isEqualTo(StreamStatus.State.FAILED);
      assertThat(driver.status().failure())
          .isEqualTo(
              "the function of 'map-1' failed on an event at 2026-11-20T10:00:00.000Z with"
                  + " java.lang.IllegalArgumentException: negative; it must handle every event");
    }
    assertThat(bench.read("c-data-source-pages")).isEmpty();
  }

  @Test
  void whatCannotStartSaysWhyInOneSentence() {
    assertThatThrownBy(() -> bench.start(Visits.class, config("none", Map.of())))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "topic 'none-visits' of source 'visits' does not exist at %s; create it, or correct starfire.sources.visits.topic"
                .formatted(bench.bootstrapServers()));
    assertThatThrownBy(
            () ->
                bench.start(
                    Visits.class,
                    config(
                        "none",
                        Map.of(
                            "starfire.kafka.bootstrap-servers",
                            "127.0.0.1:1",
                            "starfire.kafka.connect-timeout",
                            "1s"))))
        .hasMessageStartingWith("no Kafka broker at 127.0.0.1:1 answered within PT1S");
    assertThatThrownBy(
            () ->
                bench.start(
                    Visits.class,
                    config("none", Map.of("starfire.realtime.reject-older-than", "1m"))))
        .hasMessageStartingWith("rows of data source 'pages' can be PT5M behind");
  }

  /** Fails at the first visit of a page of that name, until it is mended. */
  public static final class Fragile implements Pipeline {
    static final AtomicBoolean MENDED = new AtomicBoolean();

    @Override
    public void define(Flow flow) {
      flow.source("visits", Visit.class)
          .eventTime(Visit::at)
          .withoutIdentity()
          .filter(
              visit -> {
                if (visit.page().equals("/fragile") && !MENDED.get()) {
                  throw new IllegalStateException("fragile");
                }
                return true;
              })
          .to(DataSource.named("fragile_pages", Visit.class).dimensions("page").count("visits"));
    }
  }

  @Test
  void aPipelineThatFailsLeavesTheOthersOfItsProcessRunning() throws Exception {
    bench.topic("d-visits", 1);
    try (StreamDaemon daemon = daemon("d", Visits.class, Fragile.class)) {
      StreamDriver visits = daemon.streams().get(0);
      StreamDriver fragile = daemon.streams().get(1);
      bench.send("d-visits", 0, visit("2026-11-20T10:00:01Z", "/a", 5));
      bench.flush();
      await(fragile, fragile::status, () -> fragile.status().count("visits", "EMITTED") == 1);
      await(visits, visits::status, () -> visits.status().count("visits", "EMITTED") == 1);
      assertThat(get(daemon, "/ready").statusCode()).isEqualTo(200);

      bench.send("d-visits", 0, visit("2026-11-20T10:00:02Z", "/fragile", 5));
      bench.flush();
      assertThat(fragile.awaitEnd(StreamBench.DEADLINE)).isTrue();
      assertThat(daemon.awaitEnd(Duration.ZERO)).isFalse();
      assertThat(daemon.failure()).hasMessageContaining("fragile");
      await(visits, visits::status, () -> visits.status().count("visits", "EMITTED") == 2);
      HttpResponse<String> health = get(daemon, "/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body())
          .contains("\"state\":\"RUNNING\"", "\"state\":\"FAILED\"", "IllegalStateException");
      assertThat(get(daemon, "/metrics").body())
          .contains(
              "starfire_stream_running{pipeline=\"%s\"} 1.0".formatted(Visits.class.getName()),
              "starfire_stream_running{pipeline=\"%s\"} 0.0".formatted(Fragile.class.getName()));
    }
    assertThat(bench.read("d-data-source-pages")).hasSize(2);
    assertThat(bench.read("d-data-source-fragile_pages")).hasSize(1);

    // Nothing is lost of it: with a function that is mended it goes on at the same record.
    Fragile.MENDED.set(true);
    try (StreamDriver fragile = bench.start(Fragile.class, config("d", Map.of()))) {
      await(fragile, fragile::status, () -> fragile.status().count("visits", "EMITTED") == 2);
    }
    assertThat(bench.read("d-data-source-fragile_pages")).hasSize(2);
  }

  @Test
  void pipelinesThatWouldMixTheirNamesOrRowsAreNotRunTogether() {
    assertThatThrownBy(() -> daemon("e", Visits.class, Visits.class))
        .hasMessage("pipeline '%s' is named twice; name it once".formatted(Visits.class.getName()));
    assertThatThrownBy(() -> daemon("e", Visits.class, Twin.Visits.class))
        .hasMessageStartingWith(
            "pipelines '%s' and '%s' would both run as 'e-visits'"
                .formatted(Visits.class.getName(), Twin.Visits.class.getName()));
    assertThatThrownBy(() -> daemon("e", Visits.class, Twin.OtherVisits.class))
        .hasMessage(
            "pipelines '%s' and '%s' both write data source 'pages'; give each a data source of its own"
                .formatted(Visits.class.getName(), Twin.OtherVisits.class.getName()));
  }

  /** Pipelines that do not go with the first one. */
  static final class Twin {
    private Twin() {}

    /** Has its simple name. */
    public static final class Visits implements Pipeline {
      @Override
      public void define(Flow flow) {
        new StatelessStreamTest.Visits().define(flow);
      }
    }

    /** Has its data source. */
    public static final class OtherVisits implements Pipeline {
      @Override
      public void define(Flow flow) {
        new StatelessStreamTest.Visits().define(flow);
      }
    }
  }

  private static StreamDaemon daemon(String prefix, Class<?>... pipelines) {
    StarfireConfig config = config(prefix, Map.of("starfire.stream.port", "0"));
    return StreamDaemon.start(
        Stream.of(pipelines)
            .map(
                pipeline -> StreamOptions.of(pipeline.getName(), pipeline.getClassLoader(), config))
            .toList());
  }

  private static HttpResponse<String> get(StreamDaemon daemon, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
