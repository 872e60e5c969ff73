package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Talk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What is possible: one thread reads both topics, joins with a hash map, and writes results in
 * transactions that also hold the offsets. It writes nothing else, so it could not go on after a
 * failure: what the map holds would be gone. Arguments: address, topics of impressions, clicks and
 * results, consumer group, milliseconds between commits.
 */
public final class BareMain {
  private final Map<String, Entry> held = new HashMap<>();

  /** What falls due, by second of event time. */
  private final Map<Long, List<Entry>> bySecond = new HashMap<>();

  /** Nothing is due before it. */
  private long nextSecond = Long.MAX_VALUE / 1_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String results;

  private BareMain(KafkaProducer<byte[], byte[]> producer, String results) {
    this.producer = producer;
    this.results = results;
  }

  private static final class Entry {
    private final String id;
    private long dueSecond = -1;
    private long impressionMillis;
    private byte[] impression;
    private List<Long> clicks = List.of();

    private Entry(String id) {
      this.id = id;
    }

    private int clicksInWindow() {
      int within = 0;
      for (long millis : clicks) {
        if (millis >= impressionMillis && millis <= impressionMillis + JoinData.WINDOW.toMillis()) {
          within++;
        }
      }
      return within;
    }
  }

  public static void main(String[] arguments) throws IOException {
    Thread loop = new Thread(() -> run(arguments), "loop");
    loop.setDaemon(true);
    loop.setUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace(System.err);
          Runtime.getRuntime().halt(1);
        });
    loop.start();
    Talk.untilInputEnds(arguments[4] + " " + arguments[3]);
    // Whatever is not committed is of no use to anybody.
    Runtime.getRuntime().halt(0);
  }

  private static void run(String[] arguments) {
    Map<String, Object> reading =
        Map.of(
            "bootstrap.servers", arguments[0],
            "group.id", arguments[4],
            "isolation.level", "read_committed",
            "enable.auto.commit", "false",
            "auto.offset.reset", "earliest",
            "max.poll.records", "2000");
    Map<String, Object> writing =
        Map.of(
            "bootstrap.servers", arguments[0],
            "transactional.id", arguments[4],
            "linger.ms", "100");
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      new BareMain(producer, arguments[3])
          .loop(
              consumer,
              new Topics(arguments[1], arguments[2], Topics.PARTITIONS),
              Duration.ofMillis(Long.parseLong(arguments[5])).toNanos());
    }
  }

  private void loop(KafkaConsumer<byte[], byte[]> consumer, Topics topics, long commitNanos) {
    Map<TopicPartition, Long> watermarks = new HashMap<>();
    for (int partition = 0; partition < topics.partitions(); partition++) {
      watermarks.put(new TopicPartition(topics.impressions(), partition), Long.MIN_VALUE);
      watermarks.put(new TopicPartition(topics.clicks(), partition), Long.MIN_VALUE);
    }
    consumer.assign(watermarks.keySet());
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    long begunNanos = 0;
    while (true) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(20));
      if (offsets.isEmpty() && !records.isEmpty()) {
        producer.beginTransaction();
        begunNanos = System.nanoTime();
      }
      for (TopicPartition partition : records.partitions()) {
        List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(partition);
        boolean isImpression = partition.topic().equals(topics.impressions());
        long highest = take(ofPartition, isImpression);
        watermarks.merge(partition, highest - JoinData.LATENESS.toMillis(), Math::max);
        long last = ofPartition.get(ofPartition.size() - 1).offset();
        offsets.put(partition, new OffsetAndMetadata(last + 1));
      }
      if (!offsets.isEmpty()) {
        letGo(watermarks.values().stream().mapToLong(Long::longValue).min().orElseThrow());
        if (System.nanoTime() - begunNanos > commitNanos) {
          producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
          producer.commitTransaction();
          offsets.clear();
        }
      }
    }
  }

  /** Returns the highest event time. */
  private long take(List<ConsumerRecord<byte[], byte[]>> records, boolean areImpressions) {
    long highest = Long.MIN_VALUE;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      RawAd ad = RawAd.parse(record.value());
      highest = Math.max(highest, ad.timeMillis());
      Entry entry = held.computeIfAbsent(ad.id(), Entry::new);
      if (areImpressions) {
        entry.impression = record.value();
        entry.impressionMillis = ad.timeMillis();
        due(entry, ad.timeMillis() + JoinData.WINDOW.toMillis());
      } else {
        if (entry.clicks.isEmpty()) {
          entry.clicks = new ArrayList<>(1);
        }
        entry.clicks.add(ad.timeMillis());
        if (entry.impression == null) {
          due(entry, ad.timeMillis());
        }
      }
    }
    return highest;
  }

  private void due(Entry entry, long dueMillis) {
    long second = dueMillis / 1_000;
    if (second > entry.dueSecond) {
      entry.dueSecond = second;
      bySecond.computeIfAbsent(second, missing -> new ArrayList<>()).add(entry);
      nextSecond = Math.min(nextSecond, second);
    }
  }

  /** Lets go what was due in whole seconds below the watermark. */
  private void letGo(long watermark) {
    for (; !bySecond.isEmpty() && (nextSecond + 1) * 1_000 <= watermark; nextSecond++) {
      List<Entry> due = bySecond.remove(nextSecond);
      if (due == null) {
        continue;
      }
      for (Entry entry : due) {
        // One that has got a later time since stands there too.
        if (entry.dueSecond == nextSecond) {
          held.remove(entry.id);
          if (entry.impression != null) {
            byte[] result = RawAd.result(entry.impression, entry.clicksInWindow());
            var unused = producer.send(new ProducerRecord<>(results, result));
          }
        }
      }
    }
  }
}
