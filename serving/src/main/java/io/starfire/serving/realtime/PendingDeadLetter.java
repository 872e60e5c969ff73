package io.starfire.serving.realtime;

import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
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

  ProducerRecord<byte[], byte[]> message(String deadLetterTopic) {
    return message(deadLetterTopic, letter());
  }

  /** For a record that the dead-letter topic refuses for its size. */
  ProducerRecord<byte[], byte[]> messageWithoutValue(String deadLetterTopic) {
    return message(deadLetterTopic, letter().cutTo(0));
  }

  private DeadLetter letter() {
    return DeadLetter.of(rejection.outcome(), rejection.reason())
        .raw(source.key(), source.value())
        .at(source.topic(), source.partition(), source.offset())
        .build();
  }

  private ProducerRecord<byte[], byte[]> message(String deadLetterTopic, DeadLetter letter) {
    return new ProducerRecord<>(
        deadLetterTopic,
        null,
        letter.key(),
        letter.value(),
        DeadLetterHeaders.of(letter, source.headers()));
  }
}
