package io.starfire.serving.realtime;

import io.starfire.embedded.EmbeddedKafka;
import io.starfire.kafka.TopicAdmin;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the real-time node that share a broker; each has a directory and topics of its own. */
abstract class OnKafka {
  @TempDir private static Path kafkaDirectory;
  static EmbeddedKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(kafkaDirectory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

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
