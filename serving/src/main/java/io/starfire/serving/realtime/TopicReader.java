package io.starfire.serving.realtime;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads one connection's worth of a topic into the chains of a data source: until it is told to
 * stop, the topic changes, or Kafka fails. Used by one thread, but for {@link #wakeUp}.
 */
final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Records that become visible together; what the chain's lock is held for. */
  private static final int CHUNK = 512;

  private final LiveDataSource live;
  private final RealtimeSettings settings;
  private final RowDecoder decoder;
  private final DiscoveredDimensions discovered;
  private final DeadLetterSender deadLetters;
  private final Persister persister;
  private final RealtimeMetrics metrics;
  private final InstantSource clock;
  private final LongSupplier nodeHeapBytes;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, Integer> generations = new HashMap<>();

  /** Partitions that wait for a schema, and until when they do. */
  private final Map<TopicPartition, Long> waitingUntil = new HashMap<>();

  private boolean paused;

  TopicReader(
      LiveDataSource live,
      RealtimeSettings settings,
      RowDecoder decoder,
      DiscoveredDimensions discovered,
      DeadLetterSender deadLetters,
      Persister persister,
      RealtimeMetrics metrics,
      InstantSource clock,
      LongSupplier nodeHeapBytes) {
    this.live = live;
    this.settings = settings;
    this.decoder = decoder;
    this.discovered = discovered;
    this.deadLetters = deadLetters;
    this.persister = persister;
    this.metrics = metrics;
    this.clock = clock;
    this.nodeHeapBytes = nodeHeapBytes;
    this.consumer = Consumers.create(settings.kafka(), "starfire-realtime-" + live.schema().name());
  }

  /** From any thread: a poll that is under way ends. */
  void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
  }

  /**
   * Opens the chains of new partitions, and compares where each has to go on with what the log
   * holds.
   *
   * @param refused partitions whose position the broker refused to read from
   */
  void assign(int partitions, Map<Integer, Long> committed, Set<Integer> refused) {
    List<TopicPartition> all = all(partitions);
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    LossCheck lossCheck = new LossCheck(live, settings, metrics, clock);
    List<TopicPartition> read = new ArrayList<>();
    for (TopicPartition partition : all) {
      PartitionChain chain = live.chain(partition.partition());
      if (chain == null) {
        long start = committed.getOrDefault(partition.partition(), starts.get(partition));
        chain = live.openChain(partition.partition(), start);
      }
      boolean outOfRange = refused.contains(partition.partition());
      if (lossCheck.mayRead(chain, starts.get(partition), ends.get(partition), outOfRange)) {
        read.add(partition);
      }
    }
    consumer.assign(read);
    measureStopped();
    generations.clear();
    waitingUntil.clear();
    paused = false;
  }

  /**
   * Reads once, for at most a tenth of a second if there is nothing.
   *
   * @return false if no partition is read, so that it returned at once
   * @throws OffsetOutOfRangeException if the log no longer holds a position: assign again
   */
  boolean poll() {
    seekWhereReset();
    applyBackPressure();
    if (consumer.assignment().isEmpty()) {
      return false;
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    for (TopicPartition partition : records.partitions()) {
      index(partition.partition(), records.records(partition));
    }
    for (TopicPartition partition : consumer.assignment()) {
      // Transaction markers and aborted records leave the position behind them.
      live.chain(partition.partition())
          .advance(
              generations.get(partition.partition()), consumer.position(partition), clock.millis());
      live.lag(partition.partition(), consumer.currentLag(partition));
    }
    live.measureHeap();
    return true;
  }

  /** What waits in the log of partitions that are not read on. */
  void measureStopped() {
    List<TopicPartition> stopped = new ArrayList<>();
    for (PartitionChain chain : live.chains()) {
      if (live.isStopped(chain.kafkaPartition())) {
        stopped.add(new TopicPartition(live.topic(), chain.kafkaPartition()));
      }
    }
    if (!stopped.isEmpty()) {
      lagOfStopped(consumer.beginningOffsets(stopped), consumer.endOffsets(stopped));
    }
  }

  private void lagOfStopped(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          long position = live.chain(partition.partition()).position();
          long readable = end - Math.max(position, starts.get(partition));
          live.lag(partition.partition(), OptionalLong.of(Math.max(0, readable)));
        });
  }

  /** The offset behind the last record of each partition. */
  Map<Integer, Long> ends(int partitions) {
    Map<Integer, Long> ends = new TreeMap<>();
    consumer
        .endOffsets(all(partitions))
        .forEach((partition, offset) -> ends.put(partition.partition(), offset));
    return ends;
  }

  private List<TopicPartition> all(int partitions) {
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(new TopicPartition(live.topic(), partition));
    }
    return all;
  }

  private void seekWhereReset() {
    for (TopicPartition partition : consumer.assignment()) {
      PartitionChain chain = live.chain(partition.partition());
      int generation = chain.generation();
      Integer known = generations.put(partition.partition(), generation);
      if (known == null || known != generation) {
        consumer.seek(partition, chain.position());
      }
    }
  }

  private void index(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
    PartitionChain chain = live.chain(partition);
    List<DecodedRecord> chunk = new ArrayList<>(CHUNK);
    TimeBounds bounds = TimeBounds.at(settings, clock.millis());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        chunk.add(DecodedRecord.decode(record, decoder, bounds));
      } catch (UnknownSchemaException e) {
        // The rows before it first: indexing them says that the partition is read.
        if (index(chain, chunk)) {
          waitForSchema(record, e);
        }
        return;
      }
      if (chunk.size() == CHUNK) {
        if (!index(chain, chunk)) {
          return;
        }
        chunk.clear();
      }
    }
    var unused = index(chain, chunk);
  }

  /** The record is read again after a while, and those behind it, so that none is lost. */
  private void waitForSchema(ConsumerRecord<byte[], byte[]> record, UnknownSchemaException e) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    consumer.seek(partition, record.offset());
    waitingUntil.put(partition, clock.millis() + settings.retryBackoff().toMillis());
    live.waitsForSchema(
        record.partition(), "offset %d: %s".formatted(record.offset(), e.getMessage()), e);
  }

  /**
   * Makes a chunk visible.
   *
   * @return false if it waits until a dimension that was found is registered: no query could name
   *     it before
   */
  private boolean index(PartitionChain chain, List<DecodedRecord> chunk) {
    if (chunk.isEmpty()) {
      return true;
    }
    try {
      discovered.requireRegistered();
    } catch (UnknownSchemaException e) {
      waitForSchema(chunk.get(0).source(), e);
      return false;
    }
    long nextOffset = chunk.get(chunk.size() - 1).source().offset() + 1;
    chain
        .append(
            generations.get(chain.kafkaPartition()), chunk, nextOffset, clock.millis(), this::count)
        .ifPresent(appended -> goOn(chain, appended));
    return true;
  }

  private void count(PartitionChain.Appended appended) {
    for (PendingDeadLetter letter : appended.rejected()) {
      live.rejected(letter.rejection().outcome());
      metrics.rejected(letter.rejection().outcome());
    }
    live.indexed(appended.events());
    metrics.indexed(appended.events());
  }

  /** What was added before a failure is kept: the failure is thrown only then. */
  private void goOn(PartitionChain chain, PartitionChain.Appended appended) {
    appended.rejected().forEach(deadLetters::send);
    if (appended.failure().isPresent()) {
      throw appended.failure().get();
    }
    live.readsOn(chain.kafkaPartition());
    chain.sealIf(
        piece ->
            piece.rowsInMemory() >= settings.maxRowsInMemory()
                || piece.heapBytes() >= settings.maxBytesInMemory());
    persister.submitDue(chain);
  }

  private void applyBackPressure() {
    boolean heapFull = nodeHeapBytes.getAsLong() > settings.maxHeapBytes();
    int waiting = 0;
    for (PartitionChain chain : live.chains()) {
      if (heapFull) {
        chain.sealIf(piece -> true);
        persister.submitDue(chain);
      }
      waiting += chain.awaitingPersist();
    }
    boolean suspended = live.isSuspended();
    boolean hold = suspended || heapFull || waiting > 2 * settings.maxConcurrentPersists();
    pause(hold);
    if (suspended) {
      live.state(
          RealtimeState.SUSPENDED, "reading topic '%s' is suspended".formatted(live.topic()));
    } else if (hold) {
      live.state(
          RealtimeState.BACK_PRESSURE,
          "reading waits: %,d of %,d bytes of heap are in use and %d pieces wait to be persisted"
              .formatted(nodeHeapBytes.getAsLong(), settings.maxHeapBytes(), waiting));
    } else if (paused) {
      live.state(RealtimeState.RUNNING, "reading topic '%s'".formatted(live.topic()));
    }
    paused = hold;
  }

  /** All partitions, or those alone whose next row waits for a schema. */
  private void pause(boolean all) {
    long now = clock.millis();
    waitingUntil.values().removeIf(until -> now >= until);
    Set<TopicPartition> held = all ? consumer.assignment() : waitingUntil.keySet();
    Set<TopicPartition> read = new HashSet<>(consumer.assignment());
    read.removeAll(held);
    consumer.pause(held);
    consumer.resume(read);
  }
}
