package io.starfire.stream;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Kafka Streams uses, with a {@link TrackedConsumer} as the main consumer and
 * {@link TrackedProducer}s.
 */
final class TrackedClients implements KafkaClientSupplier {
  private final Set<String> rawTopics;
  private final RawProgress progress;
  private final TaskBoard board;
  private final TopicFence fence;
  private final Set<String> logs;

  TrackedClients(
      Set<String> rawTopics,
      RawProgress progress,
      TaskBoard board,
      TopicFence fence,
      Set<String> logs) {
    this.rawTopics = Set.copyOf(rawTopics);
    this.progress = progress;
    this.board = board;
    this.fence = fence;
    this.logs = Set.copyOf(logs);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new TrackedConsumer(config, rawTopics, progress, fence);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new TrackedProducer(config, board, fence, logs);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getRestoreConsumer(config);
  }
}
