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
  private final StreamContext stream;
  private final TopicFence fence;
  private final Set<String> logs;
  private final ProcessName name;

  TrackedClients(StreamContext stream, TopicFence fence, Set<String> logs, ProcessName name) {
    this.stream = stream;
    this.fence = fence;
    this.logs = Set.copyOf(logs);
    this.name = name;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new TrackedConsumer(config, stream, fence);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new TrackedProducer(
        name.ofProducer(config, stream.topics().applicationId()), stream, fence, logs);
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
