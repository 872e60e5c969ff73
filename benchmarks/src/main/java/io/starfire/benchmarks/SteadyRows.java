package io.starfire.benchmarks;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends rows at a steady rate, and asks again and again for a count until it sees the row that was
 * sent last. Both ends are in this process and on one clock: the time of a row runs from the call
 * that sends it to the answer that counts it, so it holds what the producer, the query and HTTP
 * take.
 */
final class SteadyRows {
  private static final int DIFFERENT_ROWS = 20_000;
  private static final long PACE_NANOS = 500_000;
  private static final long PAUSE_NANOS = 5_000_000;

  private final EmbeddedKafka kafka;
  private final String topic;
  private final int perSecond;
  private final byte[][] rows = new byte[DIFFERENT_ROWS][];
  private final long[] sentNanos;

  /** How many were sent; the time of the last is written before. */
  private volatile int sent;

  private volatile RuntimeException failure;

  /**
   * @param atMost how many rows are sent
   */
  SteadyRows(EmbeddedKafka kafka, String topic, int perSecond, int atMost, long seed) {
    this.kafka = kafka;
    this.topic = topic;
    this.perSecond = perSecond;
    this.sentNanos = new long[atMost];
    Random random = new Random(seed);
    for (int row = 0; row < rows.length; row++) {
      rows[row] = KafkaLines.json(row, random);
    }
  }

  /** The milliseconds of the rows that were sent last whenever it was asked, after the warm-up. */
  Samples run(TopicServer server, Duration warmUp) {
    Thread sender = new Thread(this::send, "rows");
    sender.start();
    Samples millis = new Samples();
    long start = System.nanoTime();
    while (sender.isAlive() && failure == null) {
      int last = sent;
      if (last > 0) {
        while (server.count(topic) < last) {
          server.process().check();
        }
        long seen = System.nanoTime();
        if (seen - start > warmUp.toNanos()) {
          millis.add((seen - sentNanos[last - 1]) / 1e6);
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    join(sender);
    if (failure != null) {
      throw failure;
    }
    return millis;
  }

  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "0"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long start = System.nanoTime();
      int next = 0;
      while (next < sentNanos.length) {
        long due =
            Math.min(sentNanos.length, (long) ((System.nanoTime() - start) / 1e9 * perSecond));
        for (; next < due; next++) {
          sentNanos[next] = System.nanoTime();
          var unused =
              producer.send(new ProducerRecord<>(topic, 0, null, rows[next % DIFFERENT_ROWS]));
          sent = next + 1;
        }
        LockSupport.parkNanos(PACE_NANOS);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private static void join(Thread sender) {
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while rows were sent", e);
    }
  }
}
