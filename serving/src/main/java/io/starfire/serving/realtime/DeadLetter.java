package io.starfire.serving.realtime;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A rejected record on its way to the dead-letter topic: the bytes as they came, the original
 * headers, and {@code starfire.reason}, {@code starfire.outcome}, {@code starfire.topic}, {@code
 * starfire.partition} and {@code starfire.offset}. Thread-safe.
 */
final class DeadLetter {
  static final String REASON_HEADER = "starfire.reason";
  static final String OUTCOME_HEADER = "starfire.outcome";
  static final String TOPIC_HEADER = "starfire.topic";
  static final String PARTITION_HEADER = "starfire.partition";
  static final String OFFSET_HEADER = "starfire.offset";

  /** Set where the value was too large for the dead-letter topic: its length, in bytes. */
  static final String OMITTED_BYTES_HEADER = "starfire.omittedBytes";

  private final ConsumerRecord<byte[], byte[]> source;
  private final Rejection rejection;
  private CompletableFuture<Void> sent;

  DeadLetter(ConsumerRecord<byte[], byte[]> source, Rejection rejection) {
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
    return withHeaders(new ProducerRecord<>(deadLetterTopic, null, source.key(), source.value()));
  }

  /** For a value that the dead-letter topic refuses for its size. */
  ProducerRecord<byte[], byte[]> messageWithoutValue(String deadLetterTopic) {
    ProducerRecord<byte[], byte[]> message =
        withHeaders(new ProducerRecord<>(deadLetterTopic, null, null, null));
    put(message.headers(), OMITTED_BYTES_HEADER, Integer.toString(source.serializedValueSize()));
    return message;
  }

  private ProducerRecord<byte[], byte[]> withHeaders(ProducerRecord<byte[], byte[]> message) {
    Headers headers = message.headers();
    source.headers().forEach(headers::add);
    put(headers, REASON_HEADER, rejection.reason());
    put(headers, OUTCOME_HEADER, rejection.outcome().name());
    put(headers, TOPIC_HEADER, source.topic());
    put(headers, PARTITION_HEADER, Integer.toString(source.partition()));
    put(headers, OFFSET_HEADER, Long.toString(source.offset()));
    return message;
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
