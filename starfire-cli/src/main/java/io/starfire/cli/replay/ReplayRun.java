package io.starfire.cli.replay;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.SourceSettings.Format;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicSetup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One replay with all that it needs: the file, the topic, which is created if it does not exist,
 * and a producer.
 *
 * @param config of the deployment
 * @param file to be sent
 * @param format or null to go by its name
 * @param sourceName whose topic gets it
 * @param pipeline that reads the source, or null for the configured one
 * @param loader that has the pipeline
 * @param partitions of the topic if it is created
 */
public record ReplayRun(
    StarfireConfig config,
    Path file,
    Format format,
    String sourceName,
    String pipeline,
    ClassLoader loader,
    int partitions) {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final int BATCH_BYTES = 128 << 10;
  private static final int LINGER_MILLIS = 20;

  /**
   * Runs to the end.
   *
   * @param started is given what stops the replay in order when it is closed
   * @return whether every row was sent, as far as it was not stopped
   * @throws StarfireException if the file, the configuration or Kafka cannot be used; a file is
   *     checked before anything is sent
   */
  public boolean run(ReplayOptions options, PrintWriter out, Consumer<AutoCloseable> started) {
    ReplaySource source = ReplaySource.of(config, sourceName, pipeline, loader);
    try (RowReader rows = RowReader.open(file, format, source)) {
      String bootstrapServers = config.string("starfire.kafka.bootstrap-servers");
      Duration timeout = config.duration("starfire.kafka.connect-timeout");
      Map<String, String> properties = config.properties("starfire.kafka.properties");
      int found;
      try (KafkaCalls kafka = KafkaCalls.connect(bootstrapServers, properties, timeout)) {
        found = topic(kafka, source.settings().topic(), out);
      }
      out.printf(
          "Sending %s to topic '%s' (%d partitions) at %s%n",
          file, source.settings().topic(), found, bootstrapServers);
      out.flush();
      try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers, properties)) {
        Replay replay = new Replay(rows, source, options, producer, out);
        started.accept(replay);
        boolean complete = replay.run().leftOut() == 0;
        producer.close(CLOSE_TIMEOUT);
        return complete;
      }
    }
  }

  private int topic(KafkaCalls kafka, String topic, PrintWriter out) {
    TopicSetup setup = new TopicSetup(kafka);
    Map<String, Integer> found = setup.partitions(Set.of(topic));
    if (!found.isEmpty()) {
      return found.get(topic);
    }
    setup.require(
        Map.of(topic, partitions),
        false,
        config.integer("starfire.kafka.replication-factor", -1, Short.MAX_VALUE),
        Map.of());
    out.printf("Topic '%s' did not exist; it has been created.%n", topic);
    return partitions;
  }

  private static KafkaProducer<byte[], byte[]> producer(
      String bootstrapServers, Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>();
    all.put("batch.size", BATCH_BYTES);
    all.put("linger.ms", LINGER_MILLIS);
    all.putAll(properties);
    all.put("bootstrap.servers", bootstrapServers);
    all.put("acks", "all");
    all.put("enable.idempotence", true);
    try {
      return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.kafka.properties cannot be used: " + cause.getMessage(),
          e);
    }
  }
}
