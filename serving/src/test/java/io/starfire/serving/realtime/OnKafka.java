package io.starfire.serving.realtime;

import io.starfire.embedded.EmbeddedKafka;
import io.starfire.kafka.TopicAdmin;
import io.starfire.serving.SharedKafka;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the real-time node that share a broker; each has a directory and topics of its own. */
abstract class OnKafka {
  static final EmbeddedKafka kafka = SharedKafka.kafka();

  @TempDir Path directory;

  static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()));
  }

  /** The id of the topic that there is now. */
  static String topicId(String topic) {
    try (TopicAdmin admin =
        new TopicAdmin(Map.of("bootstrap.servers", kafka.bootstrapServers()), "test")) {
      return admin.describe(topic).orElseThrow().id();
    }
  }
}
