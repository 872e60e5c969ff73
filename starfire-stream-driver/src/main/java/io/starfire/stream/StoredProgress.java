package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.kafka.TopicReader;
import io.starfire.stream.watermark.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What a stream that does not run has stored of how far it has read, from the changelogs of its
 * progress stores. It is asked for where the offsets of the consumer group do not say it: Kafka
 * forgets those of a topic that is deleted, and those of a group that was away for a week.
 */
final class StoredProgress {
  private static final String SUFFIX = "-progress-changelog";

  private final KafkaCalls kafka;
  private final StreamSettings settings;
  private final GroupOffsets groups;

  StoredProgress(KafkaCalls kafka, StreamSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
    this.groups = new GroupOffsets(kafka);
  }

  /**
   * Up to where an application has read, exclusive, by partition.
   *
   * @param raw by the id of the topic
   * @param logs by the name of the stage
   * @param watermarks by the id of a raw topic, milliseconds
   */
  record Positions(
      Map<String, Map<Integer, Long>> raw,
      Map<String, Map<Integer, Long>> logs,
      Map<String, Map<Integer, Long>> watermarks) {
    private Positions() {
      this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** The raw partitions of the topics that are known by these ids. */
    Map<TopicPartition, Long> ofTopics(Map<String, String> topicIds) {
      Map<TopicPartition, Long> found = new HashMap<>();
      topicIds.forEach(
          (topic, id) ->
              raw.getOrDefault(id, Map.of())
                  .forEach((partition, at) -> found.put(new TopicPartition(topic, partition), at)));
      return found;
    }
  }

  static String changelog(String applicationId, String stage) {
    return applicationId + "-" + stage + SUFFIX;
  }

  /** What an application has stored; nothing if it has no changelogs. */
  Positions of(String applicationId) {
    Positions positions = new Positions();
    TreeSet<String> changelogs = new TreeSet<>(groups.topics());
    changelogs.removeIf(
        topic -> !topic.endsWith(SUFFIX) || !ApplicationId.isOwn(applicationId, topic));
    if (changelogs.isEmpty()) {
      return positions;
    }
    List<TopicPartition> all = new ArrayList<>();
    TopicFact.of(kafka, changelogs)
        .forEach(
            (topic, fact) -> {
              for (int partition = 0; partition < fact.partitions(); partition++) {
                all.add(new TopicPartition(topic, partition));
              }
            });
    Map<String, Object> properties = new HashMap<>(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    try {
      TopicReader.read(
          properties, all, settings.connectTimeout(), record -> note(record, positions));
    } catch (KafkaException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "what the stream '%s' has stored at %s could not be read within %s; check that the broker runs"
              .formatted(applicationId, settings.bootstrapServers(), settings.connectTimeout()),
          e);
    }
    return positions;
  }

  private static void note(ConsumerRecord<byte[], byte[]> record, Positions positions) {
    if (record.value() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (key.equals(SourceProcessor.READ_NAME)) {
      ReadProgress read = ReadProgress.decode(record.value());
      if (read.position() > 0) {
        put(positions.raw(), read.topicId(), record.partition(), read.position());
      }
      if (read.watermark() != Mark.UNKNOWN) {
        put(positions.watermarks(), read.topicId(), record.partition(), read.watermark());
      }
    } else if (key.startsWith(LogProcessor.POSITION_PREFIX)) {
      put(
          positions.logs(),
          key.substring(LogProcessor.POSITION_PREFIX.length()),
          record.partition(),
          ByteBuffer.wrap(record.value()).getLong());
    }
  }

  private static void put(
      Map<String, Map<Integer, Long>> all, String of, int partition, long position) {
    all.computeIfAbsent(of, name -> new TreeMap<>()).put(partition, position);
  }
}
