package io.starfire.benchmarks.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends impressions at a steady rate, and a click for one in four of them two seconds later; waits
 * for the committed row of each click. Both ends are in this process and on one clock: the time of
 * a click runs from its send to the poll that returns its row, so it holds what producer and
 * consumer take.
 */
final class SteadyClicks {
  private static final int CLICK_EVERY = 4;
  private static final Duration CLICK_AFTER = Duration.ofSeconds(2);
  private static final Duration LAST_ROWS = Duration.ofSeconds(10);

  private final Broker broker;
  private final Topics topics;
  private final String rows;
  private final int impressionsPerSecond;
  private final DataRowCodec codec = Results.codec(FirstClick.class);
  private final Map<String, Long> sentNanos = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
  private volatile long countFromNanos = Long.MAX_VALUE;
  private volatile boolean ended;
  private volatile RuntimeException failure;

  /**
   * @param rows the topic of rows
   * @param perSecond events, of which a fifth are clicks
   */
  SteadyClicks(Broker broker, Topics topics, String rows, int perSecond) {
    this.broker = broker;
    this.topics = topics;
    this.rows = rows;
    this.impressionsPerSecond = perSecond * CLICK_EVERY / (CLICK_EVERY + 1);
  }

  /** The nanoseconds of the clicks that were sent after the warm-up. */
  long[] run(Duration warmUp, Duration counted, Runnable check) {
    Thread reader = new Thread(this::read, "rows");
    reader.start();
    try {
      send(warmUp, counted, check);
      long startNanos = System.nanoTime();
      while (!sentNanos.isEmpty() && System.nanoTime() - startNanos < LAST_ROWS.toNanos()) {
        LockSupport.parkNanos(10_000_000);
      }
    } finally {
      ended = true;
      join(reader);
    }
    if (failure != null) {
      throw failure;
    }
    return took.stream().mapToLong(Long::longValue).toArray();
  }

  /** Clicks whose row has not come. */
  int missing() {
    return sentNanos.size();
  }

  private void send(Duration warmUp, Duration counted, Runnable check) {
    InstantSource clock = InstantSource.system();
    int clickBehind = (int) (impressionsPerSecond * CLICK_AFTER.toMillis() / 1000);
    long total = impressionsPerSecond * warmUp.plus(counted).toMillis() / 1000;
    try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("linger.ms", "1"))) {
      long startNanos = System.nanoTime();
      countFromNanos = startNanos + warmUp.toNanos();
      int next = 0;
      while (next < total && failure == null) {
        check.run();
        long elapsed = System.nanoTime() - startNanos;
        long due = Math.min(total, (long) (elapsed / 1e9 * impressionsPerSecond));
        for (; next < due; next++) {
          String id = JoinData.id(next);
          long now = clock.millis();
          send(producer, topics.impressions(), id, now, JoinData.impression(id, now, next));
          int clicked = next - clickBehind;
          if (clicked >= 0 && clicked % CLICK_EVERY == 0) {
            String of = JoinData.id(clicked);
            long nanos = System.nanoTime();
            if (nanos >= countFromNanos) {
              sentNanos.put(of, nanos);
            }
            send(producer, topics.clicks(), of, now, JoinData.click(of, now));
          }
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private void read() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        broker.consumer(Map.of("fetch.max.wait.ms", "20"))) {
      List<TopicPartition> partitions = Broker.partitions(rows, topics.partitions());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!ended) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
          DataRow row = codec.decode(record.value());
          Long sent = sentNanos.remove((String) row.dimension(0));
          if (sent != null) {
            took.add(System.nanoTime() - sent);
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private static void join(Thread reader) {
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while rows were read", e);
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, String id, long millis, byte[] value) {
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    var unused = producer.send(new ProducerRecord<>(topic, null, millis, key, value));
  }
}
