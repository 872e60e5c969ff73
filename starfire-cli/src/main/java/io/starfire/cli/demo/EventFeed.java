package io.starfire.cli.demo;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.AdEventsTruth;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.jobs.ads.GeneratorCounts;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends generated records to their topics when the event clock reaches their arrival, and tells the
 * truth of each. Runs in a thread of its own until closed.
 */
final class EventFeed implements AutoCloseable {
  private static final long PAUSE_NANOS = 2_000_000;

  private final AdEventsGenerator generator;
  private final AdEventsTruth truth;
  private final EventClock clock;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile long sentUpToMillis = Long.MIN_VALUE;
  private volatile GeneratorCounts counts;
  private volatile boolean running = true;

  EventFeed(
      String bootstrapServers, AdEventsGenerator generator, AdEventsTruth truth, EventClock clock) {
    this.generator = generator;
    this.truth = truth;
    this.clock = clock;
    this.counts = generator.counts();
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = new Thread(this::feed, "demo-feed");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Every record that arrives before this event time is in its topic. */
  long sentUpToMillis() {
    return sentUpToMillis;
  }

  GeneratorCounts counts() {
    return counts;
  }

  /** Throws what stopped the feed, if anything did. */
  void check() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "events can no longer be sent to Kafka (%s)".formatted(cause),
          cause);
    }
  }

  private void feed() {
    try {
      while (running) {
        long now = clock.millis();
        while (running && generator.nextArrivalMillis() <= now) {
          send(generator.next());
        }
        producer.flush();
        counts = generator.counts();
        sentUpToMillis = now;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  private void send(GeneratedRecord record) {
    truth.add(record);
    producer.send(
        new ProducerRecord<>(record.source(), record.key(), record.value()),
        (sent, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        });
  }

  /** Stops sending; what was sent is in its topics. */
  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
