package io.starfire.stream;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of one thread of Kafka Streams, which tells the {@link TaskBoard} when what the
 * thread has written can be read: when its transaction is committed, or without transactions when
 * the brokers have everything. A transaction passes the {@link TopicFence} before it commits.
 */
final class TrackedProducer extends KafkaProducer<byte[], byte[]> {
  private final TaskBoard board;
  private final TopicFence fence;
  private final boolean isTransactional;

  TrackedProducer(Map<String, Object> config, TaskBoard board, TopicFence fence) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.board = board;
    this.fence = fence;
    this.isTransactional = config.get("transactional.id") != null;
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    if (!isTransactional) {
      board.written();
    }
    return super.send(record, callback);
  }

  @Override
  public void flush() {
    super.flush();
    if (!isTransactional) {
      board.committed();
    }
  }

  @Override
  public void beginTransaction() {
    super.beginTransaction();
    board.written();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    fence.require(offsets.keySet());
    super.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    board.committed();
  }

  @Override
  public void abortTransaction() {
    board.aborted();
    super.abortTransaction();
  }
}
