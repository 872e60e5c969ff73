package io.starfire.serving.realtime;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How topics are read: committed transactions only, from offsets that we name, with no group. */
final class Consumers {
  private Consumers() {}

  static KafkaConsumer<byte[], byte[]> create(Map<String, String> kafka, String clientId) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put("client.id", clientId);
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "none");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    properties.putIfAbsent("max.poll.records", "4096");
    properties.putIfAbsent("reconnect.backoff.max.ms", "5000");
    properties.putIfAbsent("default.api.timeout.ms", "15000");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
