package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.stream.Beginning;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import io.starfire.testkit.RandomEvents.Arrival;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * Runs two stream drivers that share a pipeline on a real broker. One of them restarts in the
 * middle, while all sources are silent for nearly as long as the grace. What follows is a backlog,
 * and on time. At the end one leaves, and the other takes up its work.
 */
final class StreamRuns implements AutoCloseable {
  private static final int PARTITIONS = 3;
  private static final int SLOW_PARTITION = 0;
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(30);
  private static final Duration SILENCE = Duration.ofMinutes(50);

  /** Beyond the end of all windows; closes them. */
  private static final long CLOSING_MILLIS =
      RandomEvents.START_MILLIS + Duration.ofDays(10).toMillis();

  private final EmbeddedKafka kafka;
  private final KafkaProducer<byte[], byte[]> producer;

  StreamRuns(Path directory) {
    kafka =
        EmbeddedKafka.builder(directory).property("group.initial.rebalance.delay.ms", "0").start();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The rows by sink inside the interval, and how events ended, by operator. */
  record Answer(Map<String, Map<RowValue, Long>> rows, Map<String, Map<String, Long>> outcomes) {}

  Answer run(
      String prefix,
      Plan plan,
      List<Arrival> arrivals,
      Interval interval,
      SplittableRandom random,
      Path directory)
      throws Exception {
    for (SourceNode source : plan.sources()) {
      kafka.createTopic(prefix + "-" + source.name(), PARTITIONS);
    }
    AtomicLong aheadMillis = new AtomicLong();
    StreamOptions first = options(plan, config(prefix, plan, directory, "first"), aheadMillis);
    StreamOptions second = options(plan, config(prefix, plan, directory, "second"), aheadMillis);
    List<Arrival> before = arrivals.subList(0, arrivals.size() / 2);
    List<Arrival> after = arrivals.subList(before.size(), arrivals.size());
    try (StreamDriver stays = StreamDriver.start(second)) {
      try (StreamDriver restarts = StreamDriver.start(first)) {
        send(prefix, before, random);
        await(List.of(stays, restarts), () -> read(plan, before, 0, stays, restarts));
      }
      aheadMillis.set(SILENCE.toMillis());
      try (StreamDriver leaves = StreamDriver.start(first)) {
        send(prefix, after, random);
        close(prefix, plan);
        await(List.of(stays, leaves), () -> read(plan, arrivals, PARTITIONS, stays, leaves));
      }
      await(
          List.of(stays),
          () -> isDone(stays.status(), plan) && read(plan, arrivals, PARTITIONS, stays));
      return new Answer(rows(plan, interval, stays), stays.status().outcomes());
    }
  }

  private Map<String, Map<RowValue, Long>> rows(Plan plan, Interval interval, StreamDriver driver) {
    Map<String, Map<RowValue, Long>> rows = new TreeMap<>();
    TopicRows topics = new TopicRows(kafka.bootstrapServers(), interval);
    for (DataSourceNode sink : plan.dataSources()) {
      rows.put(
          sink.label(),
          topics.ofDataSource(driver.dataSourceTopic(sink.label()), sink.dataSource().schema()));
    }
    for (TopicNode sink : plan.topics()) {
      rows.put(sink.label(), topics.ofResults(driver.resultTopic(sink.topic().name()), sink));
    }
    rows.values().removeIf(Map::isEmpty);
    return rows;
  }

  /** Whether the drivers have taken each event once, and {@code more} of each source. */
  private static boolean read(
      Plan plan, List<Arrival> arrivals, int more, StreamDriver... drivers) {
    for (SourceNode source : plan.sources()) {
      long sent = arrivals.stream().filter(one -> one.source().equals(source.name())).count();
      long taken = 0;
      for (StreamDriver driver : drivers) {
        taken += driver.status().count(source.name(), "EMITTED");
      }
      if (taken != sent + more) {
        return false;
      }
    }
    return true;
  }

  private static StreamOptions options(Plan plan, StarfireConfig config, AtomicLong aheadMillis) {
    InstantSource clock = () -> InstantSource.system().instant().plusMillis(aheadMillis.get());
    return new StreamOptions(plan, config, clock, Beginning.CONTINUE, sentence -> {});
  }

  private static boolean isDone(StreamStatus status, Plan plan) {
    long end = RandomEvents.START_MILLIS + 1000L * RandomEvents.SECONDS + 1;
    return plan.sinks().stream()
        // A stream leaves files out.
        .filter(sink -> !(sink instanceof FilesNode))
        .map(sink -> status.results().get(sink.label()))
        .allMatch(results -> results != null && results >= end);
  }

  private StarfireConfig config(String prefix, Plan plan, Path parent, String daemon)
      throws Exception {
    Path directory = parent.resolve(daemon);
    Files.createDirectories(directory);
    Path labels = Files.writeString(directory.resolve("labels.csv"), RandomEvents.lookupCsv());
    Map<String, String> values = new HashMap<>(ThingRows.CONFIG);
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.stream.application-id-prefix", prefix);
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.kafka.properties.\"poll.ms\"", "30");
    values.put("starfire.kafka.properties.\"main.consumer.fetch.max.wait.ms\"", "50");
    values.put("starfire.stream.commit-interval", "50ms");
    values.put("starfire.stream.broadcast-interval", "100ms");
    values.put("starfire.stream.clock-skew", "0");
    values.put("starfire.stream.partitions", Integer.toString(PARTITIONS));
    values.put("starfire.stream.idle-timeout", "300ms");
    // Who stays learns by a heartbeat that somebody came or went.
    values.put("starfire.kafka.properties.\"consumer.heartbeat.interval.ms\"", "200");
    values.put("starfire.stream.lateness", RandomEvents.LATENESS_MILLIS + "ms");
    values.put("starfire.lookups.labels.file", labels.toString());
    values.put("starfire.stream.leave-out-files", "true");
    for (TopicNode node : plan.topics()) {
      String name = node.topic().name();
      values.put("starfire.topics." + name + ".topic", prefix + "-" + name);
    }
    for (SourceNode source : plan.sources()) {
      values.put("starfire.sources." + source.name() + ".topic", prefix + "-" + source.name());
    }
    return StarfireConfig.fromMap(values);
  }

  private void send(String prefix, List<Arrival> arrivals, SplittableRandom random)
      throws Exception {
    for (Arrival arrival : arrivals) {
      int drawn = random.nextInt(PARTITIONS);
      int partition = DrawnPipeline.isSlow(arrival.thing()) ? SLOW_PARTITION : drawn;
      // One after the other: what is on time hangs on the order over all partitions.
      send(prefix + "-" + arrival.source(), partition, arrival.thing()).get();
    }
  }

  private Future<?> send(String topic, int partition, Thing thing) {
    return producer.send(
        new ProducerRecord<>(
            topic,
            partition,
            thing.at().toEpochMilli(),
            null,
            ThingJson.write(thing).getBytes(StandardCharsets.UTF_8)));
  }

  private void close(String prefix, Plan plan) throws Exception {
    Instant at = Instant.ofEpochMilli(CLOSING_MILLIS);
    for (SourceNode source : plan.sources()) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        Thing thing = new Thing(null, at, "closing", "closing", partition, false);
        send(prefix + "-" + source.name(), partition, thing).get();
      }
    }
  }

  private static void await(List<StreamDriver> drivers, BooleanSupplier condition) {
    Awaitility.await()
        .atMost(DEADLINE)
        .pollInterval(LOOK)
        .until(
            () -> {
              for (StreamDriver driver : drivers) {
                assertThat(driver.status().failure()).isNull();
              }
              return condition.getAsBoolean();
            });
  }

  @Override
  public void close() {
    producer.close();
    kafka.close();
  }
}
