package io.starfire.testkit;

import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic of a data source from its beginning to its end. */
final class TopicRows {
  private TopicRows() {}

  /** How often each committed row whose time lies in the interval is in the topic. */
  static Map<RowValue, Long> read(
      String bootstrapServers, String topic, DataSourceSchema schema, Interval interval) {
    DataRowCodec codec = DataRowCodec.of(schema);
    Map<RowValue, Long> rows = new TreeMap<>();
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest",
            // The close waits for the last request.
            "fetch.max.wait.ms",
            20);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          DataRow row = codec.decode(record.value());
          if (interval.contains(row.timeMillis())) {
            rows.merge(RowValue.of(row), 1L, Long::sum);
          }
        }
      }
    }
    return rows;
  }
}
