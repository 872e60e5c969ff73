package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.DeadLetterLimit;
import io.starfire.kafka.KafkaCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes rejected records to the dead-letter topic of one data source. A range is committed only
 * when all its rejected records are there; after a crash some may be there twice, with the same
 * coordinates. Thread-safe.
 */
final class DeadLetterSender implements AutoCloseable {
  private static final long LEAST_BUFFER = 32L << 20;

  /** For a dead-letter topic that accepts less than the settings say. */
  private static final DeadLetterLimit COORDINATES_ALONE = new DeadLetterLimit(0);

  private final Producer<byte[], byte[]> producer;
  private final String deadLetterTopic;
  private final DeadLetterLimit limit;

  DeadLetterSender(
      Map<String, String> kafka, String clientId, String deadLetterTopic, DeadLetterLimit limit) {
    this.limit = limit;
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put("max.request.size", limit.largestLetterBytes());
    properties.put("buffer.memory", Math.max(LEAST_BUFFER, 4L * limit.largestLetterBytes()));
    properties.put("client.id", clientId);
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    // A broker that is away must not hold the reading thread up for a minute a record.
    properties.put("max.block.ms", "5000");
    // Closing waits for an answer that is under way, without a limit of its own.
    properties.putIfAbsent("request.timeout.ms", "10000");
    try {
      this.producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw KafkaCalls.refused(e);
    }
    this.deadLetterTopic = deadLetterTopic;
  }

  void send(PendingDeadLetter letter) {
    // Made before the letter counts as under way: it would stay so for ever if this failed.
    ProducerRecord<byte[], byte[]> message = letter.message(deadLetterTopic, limit);
    CompletableFuture<Void> delivery = new CompletableFuture<>();
    letter.sending(delivery);
    send(
        message,
        failure -> {
          if (failure instanceof RecordTooLargeException) {
            sendCoordinates(letter, delivery);
          } else {
            finish(delivery, failure);
          }
        });
  }

  private void sendCoordinates(PendingDeadLetter letter, CompletableFuture<Void> delivery) {
    try {
      send(
          letter.message(deadLetterTopic, COORDINATES_ALONE), failure -> finish(delivery, failure));
    } catch (RuntimeException e) {
      finish(delivery, e);
    }
  }

  private static void finish(CompletableFuture<Void> delivery, Exception failure) {
    if (failure == null) {
      delivery.complete(null);
    } else {
      delivery.completeExceptionally(failure);
    }
  }

  /**
   * Returns if all are delivered; else takes up what failed.
   *
   * @throws StarfireException with UNAVAILABLE if some are not delivered yet
   */
  void requireDelivered(List<PendingDeadLetter> letters) {
    int missing = 0;
    for (PendingDeadLetter letter : letters) {
      if (!letter.isDelivered()) {
        missing++;
        if (letter.needsSending()) {
          send(letter);
        }
      }
    }
    if (missing > 0) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "%d rejected records have not reached the dead-letter topic '%s' yet"
              .formatted(missing, deadLetterTopic));
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  private interface Delivered {
    /** Failure is null on success. */
    void done(Exception failure);
  }

  // The callback hears of the outcome; the future would say the same.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(ProducerRecord<byte[], byte[]> message, Delivered delivered) {
    try {
      producer.send(message, (metadata, failure) -> delivered.done(failure));
    } catch (RuntimeException e) {
      delivered.done(e);
    }
  }
}
