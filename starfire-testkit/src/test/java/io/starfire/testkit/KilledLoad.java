package io.starfire.testkit;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An endless stream of views and clicks from a seed, all on time, with copies among the views. It
 * remembers what it has sent, since how far it comes depends on how long the processes take.
 */
final class KilledLoad implements AutoCloseable {
  static final int PARTITIONS = 3;
  static final long LATENESS_MILLIS = 6_000;
  private static final long START = Times.parse("2026-11-20T10:00:00Z");
  private static final long MOST_STEP_MILLIS = 200;

  private final String prefix;
  private final SplittableRandom random;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, List<Record>> sent = new HashMap<>();
  private long highestMillis = START;
  private long number;

  KilledLoad(String bootstrapServers, String prefix, long seed) {
    this.prefix = prefix;
    this.random = new SplittableRandom(seed);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "client.id", "load"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  static String topic(String prefix, String source) {
    return prefix + "-" + source;
  }

  /** Sends the next events. */
  void send(int events) {
    for (int i = 0; i < events; i++) {
      highestMillis += random.nextLong(MOST_STEP_MILLIS);
      Thing thing =
          new Thing(
              "id" + number++,
              Instant.ofEpochMilli(highestMillis - random.nextLong(LATENESS_MILLIS)),
              "key" + random.nextInt(100),
              "abcde".substring(random.nextInt(5)),
              random.nextInt(1_000),
              false);
      if (random.nextInt(5) < 2) {
        send("clicks", random.nextInt(PARTITIONS), thing);
      } else {
        for (int copies = random.nextInt(8) == 0 ? 2 : 1; copies > 0; copies--) {
          send("views", random.nextInt(PARTITIONS), thing);
        }
      }
    }
  }

  /** Ends all windows of what was sent. */
  void close(int partitions) {
    Instant far = Instant.ofEpochMilli(highestMillis).plus(Duration.ofDays(1));
    for (String source : List.of("views", "clicks")) {
      for (int partition = 0; partition < partitions; partition++) {
        Thing closing = new Thing(source + partition, far, "closing", "closing", partition, false);
        send(topic(prefix, source), partition, closing, producer);
      }
    }
    producer.flush();
  }

  /** Holds everything that comes of what was sent before the end of the windows. */
  Interval interval() {
    return new Interval(START - 60_000, highestMillis + Duration.ofHours(1).toMillis());
  }

  Map<String, List<Record>> sent() {
    return sent;
  }

  long count() {
    return sent.values().stream().mapToLong(List::size).sum();
  }

  private void send(String source, int partition, Thing thing) {
    sent.computeIfAbsent(source, name -> new ArrayList<>()).add(thing);
    send(topic(prefix, source), partition, thing, producer);
  }

  private static void send(
      String topic, int partition, Thing thing, KafkaProducer<byte[], byte[]> producer) {
    byte[] json = ThingJson.write(thing).getBytes(StandardCharsets.UTF_8);
    var unused =
        producer.send(
            new ProducerRecord<>(topic, partition, thing.at().toEpochMilli(), null, json));
  }

  @Override
  public void close() {
    producer.close();
  }
}
