package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchReport;
import io.starfire.batch.BatchRun;
import io.starfire.batch.input.ParquetRows;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.event.EventDecoder;
import io.starfire.event.LookupTable;
import io.starfire.event.SourceSettings;
import io.starfire.jobs.flights.Airport;
import io.starfire.jobs.flights.Flight;
import io.starfire.jobs.flights.Flights;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand real flights through the real drivers, against the meaning of the pipeline: from
 * JSON on a broker with several partitions, and from the Parquet file as it ships.
 */
class FlightsScenarioTest {
  private static final Path CONF = Path.of("..", "conf");
  private static final Interval INTERVAL = Interval.parse("2001-01-01/2001-07-02");
  private static final int SAMPLE = 10_000;
  private static final int PARTITIONS = 3;
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  /** Two of the busiest; rows from and to them must be there all the same. */
  private static final List<String> LEFT_OUT = List.of("ATL", "ORD");

  @TempDir private static Path directory;
  private static Plan plan;
  private static Path sample;
  private static List<Record> flights;

  @BeforeAll
  static void readSample() throws IOException {
    plan = Planner.plan(Flights.class.getName(), Flights.class.getClassLoader());
    sample = directory.resolve("flights-sample.parquet");
    try (InputStream in = Flights.class.getResourceAsStream("flights-sample.parquet")) {
      Files.copy(in, sample);
    }
    flights = new ArrayList<>();
    EventDecoder<Flight> decoder =
        EventDecoder.of(SourceSettings.from(config(Map.of()), Flights.FLIGHTS), Flight.class);
    try (ParquetRows rows =
        ParquetRows.open(sample.toString(), column -> true, new Configuration())) {
      for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
        flights.add(decoder.fromFields(row));
      }
    }
  }

  @Test
  void theSampleHoldsFlightsOfTheFirstAndOfTheLastDay() {
    assertThat(flights).hasSize(SAMPLE);
    assertThat(flights.get(0))
        .isEqualTo(new Flight(Instant.parse("2001-01-01T00:01:00Z"), 33, 2176, "LAS", "PHL"));
    assertThat(((Flight) flights.get(SAMPLE - 1)).date())
        .isEqualTo(Instant.parse("2001-07-01T00:00:00Z"));
  }

  @Test
  void theShippedTableKnowsEveryAirportOfTheSample() throws IOException {
    Map<RowValue, Long> rows = expected(Files.readString(CONF.resolve("airports.csv")));
    assertThat(rows.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(SAMPLE);
    assertThat(unknownAirports(rows)).isZero();
    RowValue first =
        rows.keySet().stream()
            .filter(row -> row.dimensions().containsAll(List.of("LAS", "PHL")))
            .findFirst()
            .orElseThrow();
    assertThat(first.dimensions())
        .isEqualTo(
            List.of(
                "LAS",
                "Las Vegas",
                "NV",
                36.08036111,
                -115.1523333,
                "PHL",
                "Philadelphia",
                "PA",
                39.87195278,
                -75.24114083,
                "LATE"));
    assertThat(first.metricBits()).containsExactly(0L, 2176L, 33L, 0L);
  }

  @Test
  void streamBatchAndReferenceAgreeAlsoWhereTheLookupDoesNotKnowAnAirport() throws Exception {
    String airports =
        Files.readAllLines(CONF.resolve("airports.csv")).stream()
            .filter(line -> !LEFT_OUT.contains(line.substring(0, line.indexOf(','))))
            .collect(Collectors.joining("\n"));
    Path table = Files.writeString(directory.resolve("airports.csv"), airports);
    Map<RowValue, Long> rows = expected(airports);
    assertThat(unknownAirports(rows)).isEqualTo(leftOutAirports());
    assertThat(rows.keySet())
        .filteredOn(row -> row.dimensions().get(0).equals("ORD"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.dimensions().subList(1, 5)).containsOnlyNulls());

    assertThat(batch(table)).isEqualTo(rows);
    assertThat(stream(table)).isEqualTo(rows);
  }

  private static Map<RowValue, Long> expected(String airports) {
    LookupTable<String, Airport> table =
        LookupTable.loadCsv(
            Flights.AIRPORTS,
            airports.getBytes(StandardCharsets.UTF_8),
            String.class,
            Airport.class,
            "iata");
    Lookups lookups = (name, key) -> (Optional<?>) table.get((String) key);
    return ReferenceDriver.run(plan, Grants.asked(plan), lookups, Map.of(Flights.FLIGHTS, flights))
        .within(INTERVAL)
        .rows()
        .get(Flights.DATA_SOURCE);
  }

  private static long unknownAirports(Map<RowValue, Long> rows) {
    return rows.entrySet().stream()
        .mapToLong(row -> row.getKey().metricBits().get(3) * row.getValue())
        .sum();
  }

  private static long leftOutAirports() {
    return flights.stream()
        .map(Flight.class::cast)
        .mapToLong(
            flight ->
                (LEFT_OUT.contains(flight.origin()) ? 1 : 0)
                    + (LEFT_OUT.contains(flight.destination()) ? 1 : 0))
        .sum();
  }

  private static StarfireConfig config(Map<String, String> overrides) {
    return StarfireConfig.load(CONF.resolve("flights.conf"), overrides);
  }

  private static Map<RowValue, Long> batch(Path airports) throws IOException {
    Path own = Files.createDirectories(directory.resolve("batch"));
    try (RecordingCoordinator coordinator = new RecordingCoordinator()) {
      Map<String, String> overrides = new HashMap<>();
      overrides.put("starfire.batch.work-dir", own.resolve("work").toString());
      overrides.put("starfire.deep-storage.root", own.resolve("deep").toString());
      overrides.put("starfire.server.coordinator-url", coordinator.url());
      overrides.put("starfire.lookups.airports.file", airports.toString());
      overrides.put("starfire.sources.flights.batch.paths", sample.toString());
      overrides.put("starfire.batch.reducers", "3");
      BatchOptions options =
          new BatchOptions(
              Flights.class.getName(), INTERVAL, config(overrides), Map.of(), true, true, false);
      BatchReport report =
          BatchRun.run(
              options, line -> {}, InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z")));
      assertThat(report.outcomes().get(Flights.FLIGHTS))
          .isEqualTo(Map.of("EMITTED", (long) SAMPLE));
      return PublishedRows.read(
          plan,
          coordinator.publications().get(0),
          coordinator.publications().get(0).dataSources().get(0),
          own.resolve("deep"));
    }
  }

  private static Map<RowValue, Long> stream(Path airports) throws Exception {
    Path own = directory.resolve("stream");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(own.resolve("kafka"))) {
      kafka.createTopic("flights", PARTITIONS);
      send(kafka.bootstrapServers());
      Map<String, String> overrides = new TreeMap<>();
      overrides.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
      overrides.put("starfire.stream.state-dir", own.resolve("state").toString());
      overrides.put("starfire.stream.register", "off");
      overrides.put("starfire.stream.port", "-1");
      overrides.put("starfire.stream.broadcast-interval", "50ms");
      overrides.put("starfire.lookups.airports.file", airports.toString());
      StreamOptions options =
          StreamOptions.of(
              Flights.class.getName(), Flights.class.getClassLoader(), config(overrides));
      try (StreamDriver driver = StreamDriver.start(options)) {
        long startNanos = System.nanoTime();
        while (driver.status().count(Flights.FLIGHTS, "EMITTED") < SAMPLE) {
          assertThat(System.nanoTime() - startNanos)
              .as(() -> driver.status().toString())
              .isLessThan(DEADLINE.toNanos());
          assertThat(driver.awaitEnd(Duration.ofMillis(20))).as("ended").isFalse();
        }
      }
      return new TopicRows(kafka.bootstrapServers(), INTERVAL)
          .ofDataSource(
              "starfire-data-source-flights", plan.dataSources().get(0).dataSource().schema());
    }
  }

  private static void send(String bootstrapServers) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < SAMPLE; i++) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    "flights", i % PARTITIONS, null, json((Flight) flights.get(i)))));
      }
      for (Future<?> record : sent) {
        record.get();
      }
    }
  }

  private static byte[] json(Flight flight) {
    return "{\"date\":\"%s\",\"delay\":%d,\"distance\":%d,\"origin\":\"%s\",\"destination\":\"%s\"}"
        .formatted(
            flight.date(), flight.delay(), flight.distance(), flight.origin(), flight.destination())
        .getBytes(StandardCharsets.UTF_8);
  }
}
