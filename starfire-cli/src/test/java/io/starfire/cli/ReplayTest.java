package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.batch.input.ParquetRows;
import io.starfire.cli.replay.ReplayOptions;
import io.starfire.cli.replay.ReplayRun;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.event.EventDecoder;
import io.starfire.event.SourceSettings;
import io.starfire.jobs.flights.Flight;
import io.starfire.jobs.flights.Flights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of events through {@code bin/starfire replay} into a real broker's topics. */
class ReplayTest {
  private static final int RAN_BADLY = 1;
  private static final int USAGE = 2;
  private static final int COULD_NOT_RUN = 3;
  private static final Path CONF = Path.of("..", "conf", "flights.conf");
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;
  private static Path sample;
  private static List<Flight> flights;

  @BeforeAll
  static void startBroker() throws IOException {
    kafka =
        EmbeddedKafka.builder(directory.resolve("kafka"))
            .property("log.retention.ms", Long.toString(Duration.ofDays(7).toMillis()))
            .property("log.retention.check.interval.ms", "100")
            .property("log.initial.task.delay.ms", "100")
            .property("log.segment.delete.delay.ms", "0")
            .start();
    sample = directory.resolve("flights-sample.parquet");
    try (InputStream in = Flights.class.getResourceAsStream("flights-sample.parquet")) {
      Files.copy(in, sample);
    }
    EventDecoder<Flight> decoder = decoder(Map.of());
    flights = new ArrayList<>();
    try (ParquetRows rows =
        ParquetRows.open(sample.toString(), column -> true, new Configuration())) {
      for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
        flights.add(decoder.fromFields(row));
      }
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Test
  void everyRowArrivesStampedWithTheTimeOfSendingAndRetentionDeletesNone() throws Exception {
    Instant before = InstantSource.system().instant();
    Said said =
        replay(
            "whole",
            sample,
            "--partitions",
            "3",
            "-D",
            "starfire.sources.flights.key.column=origin");
    assertThat(said.err()).isEmpty();
    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .contains(
            "Topic 'whole' did not exist; it has been created.",
            "to topic 'whole' (3 partitions)",
            "done; 10,000 rows sent (100% of the file)",
            "event time 2001-07-01T00:00:00.000Z");
    awaitThatOldStampsAreDeleted();

    List<ConsumerRecord<byte[], byte[]>> records = read("whole");
    assertThat(decoded(records, Map.of())).containsExactlyInAnyOrderElementsOf(flights);
    assertThat(records)
        .allSatisfy(
            record -> assertThat(record.timestamp()).isGreaterThanOrEqualTo(before.toEpochMilli()));
    assertThat(records)
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .isEqualTo(decoded(records, Map.of()).stream().map(Flight::origin).toList());
  }

  @Test
  void skipAndLimitChooseRowsInTheFilesOrder() {
    Said said = replay("part", sample, "--partitions", "1", "--skip", "20", "--limit", "100");
    assertThat(said.out()).contains("done; 100 rows sent (1% of the file)");
    assertThat(decoded(read("part"), Map.of())).isEqualTo(flights.subList(20, 120));
  }

  @Test
  void linesOfJsonAreSentByteByByte() throws IOException {
    String odd = "{\"origin\":\"ORD\",  \"delay\": 1, \"more\":[1,2], \"date\":\"2001-01-01\"}";
    Path file = directory.resolve("odd.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((odd + "\r\n\nno json\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(replay("json", file, "--partitions", "1").exitCode()).isZero();
    assertThat(read("json"))
        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
        .containsExactly(odd, "no json");
  }

  @Test
  void aFileOfCsvIsSentInTheFormatThatTheTopicHas() throws IOException {
    List<String> lines = new ArrayList<>(List.of("destination,origin,distance,delay,date"));
    for (Flight flight : flights.subList(0, 50)) {
      lines.add(
          "%s,\"%s\",%d,%d,%s"
              .formatted(
                  flight.destination(),
                  flight.origin(),
                  flight.distance(),
                  flight.delay(),
                  flight.date()));
    }
    Path file = Files.write(directory.resolve("flights.csv"), lines);

    replay("from-csv", file, "--partitions", "1");
    assertThat(decoded(read("from-csv"), Map.of())).isEqualTo(flights.subList(0, 50));

    Map<String, String> tsv =
        Map.of(
            "starfire.sources.flights.format", "tsv",
            "starfire.sources.flights.csv.columns", "date,delay,distance,origin,destination",
            "starfire.sources.flights.time.format", "millis");
    List<String> arguments = new ArrayList<>(List.of("--partitions", "1", "--limit", "70"));
    tsv.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
    replay("as-tsv", sample, arguments.toArray(String[]::new));
    List<ConsumerRecord<byte[], byte[]>> records = read("as-tsv");
    assertThat(new String(records.get(0).value(), StandardCharsets.UTF_8))
        .isEqualTo("978307260000\t33\t2176\tLAS\tPHL");
    assertThat(decoded(records, tsv)).isEqualTo(flights.subList(0, 70));
  }

  @Test
  void aLineThatIsNoRecordIsLeftOutAndToldAndTheOthersAreSent() throws IOException {
    Path file =
        Files.write(
            directory.resolve("bad.csv"),
            List.of(
                "date,delay,distance,origin,destination",
                "2001-01-01,1,2,A,B",
                "2001-01-01,1,2",
                "2001-01-02,1,2,A,B"));
    Said said = replay("bad-line", file, "--partitions", "1");
    assertThat(said.exitCode()).isEqualTo(RAN_BADLY);
    assertThat(said.out())
        .contains("done; 2 rows sent", "1 rows were left out", "row 2:", "3 fields were found");
    assertThat(read("bad-line")).hasSize(2);
  }

  @Test
  void eventTimeRunsAsFastAsAsked() {
    // 120 rows of the first day, whose event times span some minutes.
    long span = Duration.between(flights.get(0).date(), flights.get(119).date()).toMillis();
    long startNanos = System.nanoTime();
    double speedUp = span / 500.0;
    Said said = replay("paced", sample, "--limit", "120", "--speed-up", Double.toString(speedUp));
    assertThat(said.exitCode()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .isGreaterThan(Duration.ofMillis(490));
    List<ConsumerRecord<byte[], byte[]>> records = read("paced");
    assertThat(records).hasSize(120);
    long firstSent = records.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
    long lastSent = records.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
    assertThat(lastSent - firstSent).isGreaterThan(400);
  }

  @Test
  void aFileThatIsCutOffIsRefusedBeforeAnythingIsSent() throws IOException {
    byte[] whole = Files.readAllBytes(sample);
    Path cut = directory.resolve("cut.parquet");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1_000));
    replay("cut", cut)
        .refused(COULD_NOT_RUN, "cut.parquet cannot be read", "cut off", "replace it");
    assertThat(kafka.bootstrapServers()).isNotEmpty();

    Files.write(cut, whole);
    assertThat(replay("cut", cut).out())
        .contains("Topic 'cut' did not exist", "done; 10,000 rows sent");
  }

  @Test
  void aFileWithOtherColumnsIsRefusedWithWhatIsMissingAndWhatIsThere() throws IOException {
    replay("other", sample, "-D", "starfire.sources.flights.fields.delay=arrival_delay")
        .refused(
            USAGE,
            "lacks the columns [arrival_delay], which Flight needs",
            "it has [date, delay, distance, origin, destination]");
    Path csv =
        Files.writeString(directory.resolve("other.csv"), "a,b,delay,distance,date\n1,2,3,4,5\n");
    replay("other", csv)
        .refused(
            USAGE,
            "lacks the columns [origin, destination]",
            "it has [a, b, delay, distance, date]");
  }

  @Test
  void aFileThatIsCutOffInTheMiddleSaysHowToGoOnWithTheWholeFile() throws IOException {
    Path whole = directory.resolve("middle.json.gz");
    List<String> lines = flights.stream().map(ReplayTest::json).toList();
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
    Said cut = replay("middle", whole, "--partitions", "1");
    assertThat(cut.exitCode()).isEqualTo(COULD_NOT_RUN);
    assertThat(cut.err()).contains("middle.json.gz cannot be read", "cut off", "rows were sent");
    Matcher skip = Pattern.compile("--skip (\\d+) goes on behind them").matcher(cut.err());
    assertThat(skip.find()).isTrue();

    Files.write(whole, bytes);
    assertThat(replay("middle", whole, "--skip", skip.group(1)).exitCode()).isZero();
    assertThat(decoded(read("middle"), Map.of())).isEqualTo(flights);
  }

  @Test
  void aReplayThatIsStoppedHasSentWhatItSaysItHas() throws Exception {
    StarfireConfig config =
        StarfireConfig.load(
            CONF,
            Map.of(
                "starfire.kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "starfire.sources.flights.topic",
                "stopped"));
    // A minute of event time takes a minute: it would not end by itself.
    ReplayOptions options = new ReplayOptions(1, 0, Long.MAX_VALUE);
    StringWriter said = new StringWriter();
    CompletableFuture<AutoCloseable> started = new CompletableFuture<>();
    CompletableFuture<Boolean> ended =
        CompletableFuture.supplyAsync(
            () ->
                new ReplayRun(config, sample, null, "flights", null, getClass().getClassLoader(), 1)
                    .run(options, new PrintWriter(said), started::complete));
    AutoCloseable replay = started.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    Awaitility.await("rows").atMost(DEADLINE).until(() -> !read("stopped").isEmpty());
    replay.close();
    assertThat(ended.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    int sent = read("stopped").size();
    assertThat(said.toString())
        .contains("stopped; " + sent + " rows sent", "--skip " + sent + " goes on behind them.");
    assertThat(decoded(read("stopped"), Map.of())).isEqualTo(flights.subList(0, sent));
  }

  @Test
  void wrongArgumentsAreAnsweredWithOneSentence() throws IOException {
    Said.by("replay", sample.toString(), "--source", "trains", "--config", CONF.toString())
        .refused(USAGE, "source 'trains' is not configured", "configured: [flights]");
    replay("x", directory.resolve("none.parquet"))
        .refused(COULD_NOT_RUN, "there is no file", "none.parquet");
    replay("x", Files.writeString(directory.resolve("flights.dat"), "x"))
        .refused(USAGE, "format of file 'flights.dat' cannot be told", "--format");
    replay("x", sample, "--speed-up", "-1").refused(USAGE, "--speed-up must be a number above 0");
    replay("x", sample, "--limit", "-1").refused(USAGE, "--skip and --limit must not be negative");
    replay("x", sample, "--partitions", "0").refused(USAGE, "--partitions must be from 1 to 1000");
    replay("x", sample, "--pipeline", "io.starfire.jobs.ads.AdEvents")
        .refused(USAGE, "AdEvents has no source 'flights'", "[impressions, clicks]");
    Said.by(
            "replay",
            sample.toString(),
            "--source",
            "flights",
            "--config",
            CONF.toString(),
            "-D",
            "starfire.kafka.bootstrap-servers=127.0.0.1:1",
            "-D",
            "starfire.kafka.connect-timeout=500ms")
        .refused(COULD_NOT_RUN, "no Kafka broker at 127.0.0.1:1 answered");
  }

  private static String json(Flight flight) {
    return "{\"date\":\"%s\",\"delay\":%d,\"distance\":%d,\"origin\":\"%s\",\"destination\":\"%s\"}"
        .formatted(
            flight.date(),
            flight.delay(),
            flight.distance(),
            flight.origin(),
            flight.destination());
  }

  private static Said replay(String topic, Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replay",
                file.toString(),
                "--source",
                "flights",
                "--config",
                CONF.toString(),
                "-D",
                "starfire.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "-D",
                "starfire.sources.flights.topic=" + topic));
    arguments.addAll(List.of(more));
    return Said.by(arguments.toArray(String[]::new));
  }

  /** A record that is stamped with the time of its event is deleted by the next check. */
  private static void awaitThatOldStampsAreDeleted() throws Exception {
    kafka.createTopic("control", 1);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long old = flights.get(0).date().toEpochMilli();
      producer.send(new ProducerRecord<>("control", 0, old, null, new byte[1])).get();
    }
    TopicPartition partition = new TopicPartition("control", 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Awaitility.await("the record to be deleted")
          .atMost(DEADLINE)
          .pollInSameThread()
          .until(() -> consumer.beginningOffsets(List.of(partition)).get(partition) > 0);
    }
  }

  private static List<Flight> decoded(
      List<ConsumerRecord<byte[], byte[]>> records, Map<String, String> settings) {
    EventDecoder<Flight> decoder = decoder(settings);
    return records.stream().map(record -> decoder.decode(record.value())).toList();
  }

  private static EventDecoder<Flight> decoder(Map<String, String> settings) {
    StarfireConfig config = StarfireConfig.load(CONF, settings);
    return EventDecoder.of(SourceSettings.from(config, "flights"), Flight.class);
  }

  private static KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }
}
