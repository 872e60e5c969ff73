package io.starfire.serving.realtime;

import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterLimit;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A rejected record on its way to the dead-letter topic: a {@link DeadLetter}, with the original
 * headers. Thread-safe.
 */
final class PendingDeadLetter {
  private final ConsumerRecord<byte[], byte[]> source;
  private final Rejection rejection;
  private CompletableFuture<Void> sent;

  PendingDeadLetter(ConsumerRecord<byte[], byte[]> source, Rejection rejection) {
    this.source = source;
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }

  /** Heap held until it is delivered. */
  long estimatedBytes() {
    return isDelivered() ? 0 : 200L + Math.max(0, source.serializedValueSize());
  }

  synchronized boolean isDelivered() {
    return sent != null && sent.isDone() && !sent.isCompletedExceptionally();
  }

  /** Whether a sender has to take it up: it was never sent, or that failed. */
  synchronized boolean needsSending() {
    return sent == null || sent.isCompletedExceptionally();
  }

  synchronized void sending(CompletableFuture<Void> delivery) {
    sent = delivery;
  }

  ProducerRecord<byte[], byte[]> message(String deadLetterTopic, DeadLetterLimit limit) {
    DeadLetter letter =
        limit.cut(
            DeadLetter.of(rejection.outcome(), rejection.reason())
                .raw(source.key(), source.value())
                .at(source.topic(), source.partition(), source.offset())
                .build());
    return new ProducerRecord<>(
        deadLetterTopic,
        null,
        letter.key(),
        letter.value(),
        limit.headers(letter, source.headers()));
  }
}
