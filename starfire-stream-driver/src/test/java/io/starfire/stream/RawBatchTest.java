package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RawBatchTest {
  private static final TopicPartition RAW = new TopicPartition("visits", 1);
  private static final TopicPartition LOG = new TopicPartition("log", 0);

  @Test
  void theRecordsOfARawPartitionAreOneRecordWithTheOffsetOfTheFirst() {
    List<ConsumerRecord<byte[], byte[]>> visits =
        List.of(record(RAW, 7), record(RAW, 8), record(RAW, 11));
    List<ConsumerRecord<byte[], byte[]>> blocks = List.of(record(LOG, 3), record(LOG, 4));
    Map<TopicPartition, OffsetAndMetadata> next =
        Map.of(RAW, new OffsetAndMetadata(12), LOG, new OffsetAndMetadata(5));
    ConsumerRecords<byte[], byte[]> packed =
        RawBatch.pack(
            new ConsumerRecords<>(Map.of(RAW, visits, LOG, blocks), next), Set.of("visits"));

    assertThat(packed.records(LOG)).isEqualTo(blocks);
    // Kafka Streams commits the offset of what waits, and the position when nothing does.
    assertThat(packed.nextOffsets()).isEqualTo(next);
    assertThat(packed.records(RAW)).hasSize(1);
    ConsumerRecord<byte[], byte[]> one = packed.records(RAW).get(0);
    assertThat(one.offset()).isEqualTo(7);
    assertThat(
            RawBatch.deserializer().deserialize(RAW.topic(), one.headers(), one.value()).records())
        .isEqualTo(visits);
  }

  @Test
  void aPollWithoutRecordsStaysOne() {
    ConsumerRecords<byte[], byte[]> nothing =
        RawBatch.pack(ConsumerRecords.empty(), Set.of("visits"));
    assertThat(nothing.isEmpty()).isTrue();
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition of, long offset) {
    return new ConsumerRecord<>(
        of.topic(), of.partition(), offset, new byte[0], ("value " + offset).getBytes(UTF_8));
  }
}
