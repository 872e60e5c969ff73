package io.starfire.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of one thread of Kafka Streams, which tells the {@link TaskBoard} when what the
 * thread has written can be read: when its transaction is committed, or without transactions when
 * the brokers have everything. A transaction passes the {@link TopicFence} before it commits.
 * Before that, the tasks write what they have held back ({@link Unwritten}).
 *
 * <p>A task writes turns to the log that it reads. Kafka Streams takes that log for the changelog
 * of the task's state, and the offset of what was written there for how far the state is: a task
 * that becomes a standby would leave out what it has not read yet, or fold again what it has. So it
 * is told of no partition of a log. It then goes by the offset that was read.
 */
final class TrackedProducer extends KafkaProducer<byte[], byte[]> {
  private final TaskBoard board;
  private final Unwritten unwritten;
  private final TopicFence fence;
  private final CommitPace pace;
  private final Set<String> logs;
  private final boolean isTransactional;
  private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
  private boolean inTransaction;

  /**
   * @param logs the logs of the stages
   */
  TrackedProducer(
      Map<String, Object> config, StreamContext stream, TopicFence fence, Set<String> logs) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.board = stream.board();
    this.unwritten = stream.unwritten();
    this.fence = fence;
    this.pace = stream.pace();
    this.logs = Set.copyOf(logs);
    this.isTransactional = config.get("transactional.id") != null;
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    if (!isTransactional) {
      board.written();
    }
    return super.send(
        record, callback == null || !logs.contains(record.topic()) ? callback : unplaced(callback));
  }

  /** A callback that does not learn the partition. */
  static Callback unplaced(Callback callback) {
    return (metadata, failure) ->
        callback.onCompletion(metadata == null ? null : unplaced(metadata), failure);
  }

  private static RecordMetadata unplaced(RecordMetadata metadata) {
    return new RecordMetadata(
        new TopicPartition(metadata.topic(), RecordMetadata.UNKNOWN_PARTITION),
        metadata.offset(),
        0,
        metadata.timestamp(),
        metadata.serializedKeySize(),
        metadata.serializedValueSize());
  }

  /**
   * Kafka Streams calls this before each commit, when all that is committed has been processed. In
   * a transaction that has not begun nothing can be sent; then the offsets begin one.
   */
  @Override
  public void flush() {
    pace.begins();
    if (!isTransactional || inTransaction) {
      unwritten.write(this::sendHeldBack);
    }
    super.flush();
    if (!isTransactional) {
      requireSent();
      board.committed();
      pace.committed();
    }
  }

  private void sendHeldBack(ProducerRecord<byte[], byte[]> record) {
    var unused =
        send(
            record,
            (metadata, failure) -> {
              if (failure != null) {
                sendFailure.compareAndSet(null, failure);
              }
            });
  }

  /** What Kafka Streams does not know of cannot fail silently. */
  private void requireSent() {
    requireSent(sendFailure.getAndSet(null));
  }

  /**
   * Throws what Kafka Streams understands.
   *
   * @param failure of a record that was held back; null if there was none
   */
  static void requireSent(Exception failure) {
    if (failure instanceof ProducerFencedException
        || failure instanceof InvalidProducerEpochException
        || failure instanceof InvalidPidMappingException) {
      // The brokers have aborted the transaction, because it took too long or another process has
      // the tasks now. As it stands Kafka Streams takes it as that, and the tasks begin again.
      throw (KafkaException) failure;
    }
    if (failure instanceof RetriableException) {
      throw new TimeoutException("what was held back could not be written", failure);
    }
    if (failure != null) {
      throw new KafkaException("what was held back could not be written", failure);
    }
  }

  @Override
  public void beginTransaction() {
    super.beginTransaction();
    inTransaction = true;
    board.written();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    unwritten.write(this::sendHeldBack);
    fence.require(offsets.keySet());
    super.flush();
    requireSent();
    super.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    inTransaction = false;
    board.committed();
    pace.committed();
  }

  @Override
  public void abortTransaction() {
    board.aborted();
    inTransaction = false;
    super.abortTransaction();
    sendFailure.set(null);
  }
}
