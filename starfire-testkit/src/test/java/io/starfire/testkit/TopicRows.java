package io.starfire.testkit;

import io.starfire.api.Topic;
import io.starfire.common.Interval;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.EventType;
import io.starfire.event.ResultCodec;
import io.starfire.plan.PlanNode.TopicNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics of sinks from their beginning to their end: how often each committed row whose
 * time lies in an interval is there.
 */
record TopicRows(String bootstrapServers, Interval interval) {
  Map<RowValue, Long> ofDataSource(String topic, DataSourceSchema schema) {
    DataRowCodec codec = DataRowCodec.of(schema);
    return read(topic, record -> RowValue.of(codec.decode(record.value())));
  }

  /** The Avro library itself decodes what we have written. */
  Map<RowValue, Long> ofResults(String topic, TopicNode sink) {
    Schema schema = new Schema.Parser().parse(ResultCodec.of(sink.type()).schemaJson());
    BinaryMessageDecoder<GenericRecord> avro =
        new BinaryMessageDecoder<>(GenericData.get(), schema);
    return read(
        topic,
        record -> {
          String key =
              record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
          if (sink.topic().format() == Topic.Format.AVRO) {
            return row(key, decode(avro, record.value()), sink.type(), ResultText.of(sink));
          }
          String json = new String(record.value(), StandardCharsets.UTF_8);
          return ResultText.value(key, json);
        });
  }

  private static RowValue row(String key, GenericRecord read, EventType<?> type, ResultText text) {
    Schema schema = new Schema.Parser().parse(type.codec().schemaJson());
    GenericRecord event = new GenericData.Record(schema);
    schema.getFields().forEach(field -> event.put(field.pos(), read.get(field.name())));
    return text.value(key, (Long) read.get(ResultCodec.TIME), encode(event));
  }

  private static byte[] encode(GenericRecord event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static GenericRecord decode(BinaryMessageDecoder<GenericRecord> avro, byte[] value) {
    try {
      return avro.decode(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<RowValue, Long> read(
      String topic, Function<ConsumerRecord<byte[], byte[]>, RowValue> toRow) {
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
          RowValue row = toRow.apply(record);
          if (interval.contains(row.timeMillis())) {
            rows.merge(row, 1L, Long::sum);
          }
        }
      }
    }
    return rows;
  }
}
