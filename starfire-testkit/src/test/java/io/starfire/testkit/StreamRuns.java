package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
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
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs the stream driver on a real broker, with a restart in the middle, during which all sources
 * are silent for nearly as long as the grace. What follows is a backlog, and on time.
 */
final class StreamRuns implements AutoCloseable {
  private static final int PARTITIONS = 3;
  private static final Duration DEADLINE = Duration.ofSeconds(90);
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

  /** The rows by data source inside the interval, and the status at the end. */
  record Answer(Map<String, Map<RowValue, Long>> rows, StreamStatus status) {}

  Answer run(
      Class<?> pipeline,
      Plan plan,
      List<Arrival> arrivals,
      Interval interval,
      SplittableRandom random,
      Path directory)
      throws Exception {
    String prefix = pipeline.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    for (SourceNode source : plan.sources()) {
      kafka.createTopic(prefix + "-" + source.name(), PARTITIONS);
    }
    StarfireConfig config = config(prefix, plan, directory);
    AtomicLong aheadMillis = new AtomicLong();
    StreamOptions options = options(pipeline, config, aheadMillis);
    int half = arrivals.size() / 2;
    try (StreamDriver driver = StreamDriver.start(options)) {
      send(prefix, arrivals.subList(0, half), random);
      await(driver, status -> status.lag().size() == plan.sources().size() && caughtUp(status));
    }
    aheadMillis.set(SILENCE.toMillis());
    try (StreamDriver driver = StreamDriver.start(options)) {
      await(driver, status -> status.lag().size() == plan.sources().size() && caughtUp(status));
      send(prefix, arrivals.subList(half, arrivals.size()), random);
      close(prefix, plan);
      await(driver, status -> isDone(status, plan));
      StreamStatus status = driver.status();
      Map<String, Map<RowValue, Long>> rows = new TreeMap<>();
      for (SinkNode sink : plan.sinks()) {
        DataSourceSchema schema = sink.dataSource().schema();
        Map<RowValue, Long> read =
            TopicRows.read(
                kafka.bootstrapServers(), driver.dataSourceTopic(schema.name()), schema, interval);
        if (!read.isEmpty()) {
          rows.put(schema.name(), read);
        }
      }
      return new Answer(rows, status);
    }
  }

  private static StreamOptions options(
      Class<?> pipeline, StarfireConfig config, AtomicLong aheadMillis) {
    StreamOptions options =
        StreamOptions.of(pipeline.getName(), StreamRuns.class.getClassLoader(), config);
    InstantSource clock = () -> InstantSource.system().instant().plusMillis(aheadMillis.get());
    return new StreamOptions(
        options.plan(), options.config(), clock, options.beginning(), options.say());
  }

  private static boolean caughtUp(StreamStatus status) {
    return status.lag().values().stream().allMatch(lag -> lag == 0);
  }

  private static boolean isDone(StreamStatus status, Plan plan) {
    long end = RandomEvents.START_MILLIS + 1000L * RandomEvents.SECONDS + 1;
    return plan.sinks().stream()
        .map(sink -> status.results().get(sink.dataSource().schema().name()))
        .allMatch(results -> results != null && results >= end);
  }

  private StarfireConfig config(String prefix, Plan plan, Path directory) throws Exception {
    Files.createDirectories(directory);
    Path labels = Files.writeString(directory.resolve("labels.csv"), RandomEvents.lookupCsv());
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.stream.application-id-prefix", prefix);
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.kafka.properties.\"poll.ms\"", "10");
    values.put("starfire.kafka.properties.\"main.consumer.fetch.max.wait.ms\"", "50");
    values.put("starfire.stream.commit-interval", "50ms");
    values.put("starfire.stream.broadcast-interval", "50ms");
    values.put("starfire.stream.clock-skew", "0");
    values.put("starfire.stream.partitions", Integer.toString(PARTITIONS));
    values.put("starfire.stream.idle-timeout", "300ms");
    values.put("starfire.stream.threads", "2");
    values.put("starfire.stream.lateness", RandomEvents.LATENESS_MILLIS + "ms");
    values.put("starfire.lookups.labels.file", labels.toString());
    for (SourceNode source : plan.sources()) {
      values.put("starfire.sources." + source.name() + ".topic", prefix + "-" + source.name());
    }
    return StarfireConfig.fromMap(values);
  }

  private void send(String prefix, List<Arrival> arrivals, SplittableRandom random)
      throws Exception {
    for (Arrival arrival : arrivals) {
      // One after the other: what is on time hangs on the order over all partitions.
      send(prefix + "-" + arrival.source(), random.nextInt(PARTITIONS), arrival.thing()).get();
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

  private static void await(StreamDriver driver, Predicate<StreamStatus> condition)
      throws InterruptedException {
    long startNanos = System.nanoTime();
    while (!condition.test(driver.status())) {
      assertThat(driver.status().failure()).isNull();
      assertThat(System.nanoTime() - startNanos)
          .as(() -> driver.status().toString())
          .isLessThan(DEADLINE.toNanos());
      assertThat(driver.awaitEnd(Duration.ofMillis(20))).as("ended").isFalse();
    }
  }

  @Override
  public void close() {
    producer.close();
    kafka.close();
  }
}
