package io.starfire.serving.realtime;

import static java.util.Comparator.naturalOrder;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.Outcome;
import io.starfire.serving.role.LivePiece;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chains and the state of one data source, shared by its threads and by queries. Thread-safe.
 */
final class LiveDataSource {
  private static final Logger LOG = LoggerFactory.getLogger(LiveDataSource.class);

  private final Supplier<DataSourceSchema> schema;
  private final String topic;
  private final ErrorLog errors;
  private final InstantSource clock;
  private final Map<Integer, PartitionChain> chains = new ConcurrentSkipListMap<>();
  private final Map<Integer, LostRange> lost = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> stopped = new ConcurrentHashMap<>();
  private final Map<Integer, Waiting> withoutSchema = new ConcurrentSkipListMap<>();
  private final Map<Integer, Long> lags = new ConcurrentHashMap<>();
  private final AtomicLong indexed = new AtomicLong();
  private final Map<Outcome, AtomicLong> rejected = new ConcurrentHashMap<>();
  private volatile boolean suspended;
  private volatile Optional<String> ended = Optional.empty();
  private volatile long heapBytes;
  private volatile State state =
      new State(RealtimeState.STARTING, "not connected yet", Optional.empty());

  private record State(RealtimeState state, String detail, Optional<Instant> standsStillSince) {}

  private record Waiting(String why, Instant since) {}

  /**
   * @param schema of each moment: longer where dimensions are discovered
   */
  LiveDataSource(
      Supplier<DataSourceSchema> schema, String topic, ErrorLog errors, InstantSource clock) {
    this.schema = schema;
    this.topic = topic;
    this.errors = errors;
    this.clock = clock;
  }

  /** The schema of this moment. */
  DataSourceSchema schema() {
    return schema.get();
  }

  /** Whether nothing is read, and what was read is handed off. */
  boolean isSuspended() {
    return suspended;
  }

  void suspend(boolean suspend) {
    suspended = suspend;
  }

  /** Whether all rows read so far are committed. */
  boolean isDrained() {
    return chains.values().stream().allMatch(PartitionChain::isDrained);
  }

  String topic() {
    return topic;
  }

  ErrorLog errors() {
    return errors;
  }

  Collection<PartitionChain> chains() {
    return chains.values();
  }

  /** Null if the partition has none yet. */
  PartitionChain chain(int kafkaPartition) {
    return chains.get(kafkaPartition);
  }

  PartitionChain openChain(int kafkaPartition, long start) {
    PartitionChain chain = new PartitionChain(kafkaPartition, start);
    chains.put(kafkaPartition, chain);
    return chain;
  }

  /** Nothing is visible any more; files are deleted. */
  void discardChains() {
    for (PartitionChain chain : chains.values()) {
      chain.close().forEach(PersistedFiles::delete);
    }
    chains.clear();
    withoutSchema.clear();
    heapBytes = 0;
  }

  List<LivePiece> snapshot(Map<Integer, Long> committed, Interval interval) {
    List<LivePiece> opened = new ArrayList<>();
    boolean complete = false;
    try {
      for (PartitionChain chain : chains.values()) {
        Long offset = committed.get(chain.kafkaPartition());
        opened.addAll(
            chain.snapshot(
                offset == null ? OptionalLong.empty() : OptionalLong.of(offset), interval));
      }
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        opened.forEach(LivePiece::close);
      }
    }
  }

  Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    chains.forEach((partition, chain) -> positions.put(partition, chain.position()));
    return positions;
  }

  /** A change that a person should know of has a line in the log. */
  void state(RealtimeState now, String detail) {
    RealtimeState before = state.state();
    state =
        new State(
            now,
            detail,
            now.standsStill()
                ? state.standsStillSince().or(() -> Optional.of(clock.instant()))
                : Optional.empty());
    if (before == now) {
      return;
    }
    switch (now) {
      case TOPIC_REPLACED -> LOG.error("DATA LOSS: {}", detail);
      case WAITING_FOR_TOPIC -> LOG.warn("{}: {}", schema().name(), detail);
      case RUNNING -> {
        if (before != RealtimeState.BACK_PRESSURE) {
          LOG.info("{}: {}", schema().name(), detail);
        }
      }
      default -> LOG.debug("{}: {}", schema().name(), detail);
    }
  }

  /** Whether a thread of it has ended, so that nothing more is committed of what is in memory. */
  boolean hasEnded() {
    return ended.isPresent();
  }

  /** A thread of it has ended: whatever the other says, it does not work any more. */
  void end(String why) {
    ended = Optional.of(why);
  }

  boolean isReplaced() {
    return state.state() == RealtimeState.TOPIC_REPLACED;
  }

  void indexed(long events) {
    indexed.addAndGet(events);
  }

  void rejected(Outcome outcome) {
    rejected.computeIfAbsent(outcome, key -> new AtomicLong()).incrementAndGet();
  }

  /** Notes a loss. Returns whether it was not known before. */
  boolean lost(LostRange range) {
    LostRange before = lost.put(range.kafkaPartition(), range);
    return before == null
        || before.startOffset() != range.startOffset()
        || before.endOffset() != range.endOffset();
  }

  /** The partition is not read on. */
  void stop(int kafkaPartition) {
    stopped.putIfAbsent(kafkaPartition, clock.instant());
  }

  void unstop(int kafkaPartition) {
    stopped.remove(kafkaPartition);
  }

  boolean isStopped(int kafkaPartition) {
    return stopped.containsKey(kafkaPartition);
  }

  /** The next row of the partition cannot be decoded yet. */
  void waitsForSchema(int kafkaPartition, String why, Exception cause) {
    withoutSchema.compute(
        kafkaPartition,
        (partition, before) -> new Waiting(why, before == null ? clock.instant() : before.since()));
    errors.report("partition %d of topic '%s' waits".formatted(kafkaPartition, topic), cause);
  }

  /** Rows of the partition are read. */
  void readsOn(int kafkaPartition) {
    withoutSchema.remove(kafkaPartition);
  }

  void lag(int kafkaPartition, OptionalLong records) {
    if (records.isPresent()) {
      lags.put(kafkaPartition, records.getAsLong());
    }
  }

  /** Records not read yet, over all partitions; NaN if that is not known for all of them. */
  double totalLag() {
    double total = chains.isEmpty() ? Double.NaN : 0;
    for (Integer partition : chains.keySet()) {
      Long lag = lags.get(partition);
      total += lag == null ? Double.NaN : (double) lag;
    }
    return total;
  }

  /** Estimated anew; the sum that {@link #heapBytes} gives until the next time. */
  long measureHeap() {
    long bytes = 0;
    for (PartitionChain chain : chains.values()) {
      bytes += chain.heapBytes();
    }
    heapBytes = bytes;
    return bytes;
  }

  long heapBytes() {
    return heapBytes;
  }

  boolean isPaused() {
    return state.state() == RealtimeState.BACK_PRESSURE;
  }

  boolean isUnreachable() {
    return state.state() == RealtimeState.UNREACHABLE;
  }

  RealtimeStatus status() {
    State now =
        ended.map(why -> new State(RealtimeState.STOPPED, why, Optional.empty())).orElse(state);
    List<PartitionStatus> partitions = new ArrayList<>();
    for (PartitionChain chain : chains.values()) {
      partitions.add(partitionStatus(chain, now.state()));
    }
    if (!stopped.isEmpty() && now.state() != RealtimeState.STOPPED) {
      now =
          new State(
              RealtimeState.DATA_LOSS, lossDetail(), stopped.values().stream().min(naturalOrder()));
    }
    if (!withoutSchema.isEmpty() && now.state() == RealtimeState.RUNNING) {
      now =
          new State(
              RealtimeState.WAITING_FOR_SCHEMA,
              schemaDetail(),
              withoutSchema.values().stream().map(Waiting::since).min(naturalOrder()));
    }
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    rejected.forEach((outcome, count) -> counts.put(outcome, count.get()));
    Optional<ErrorLog.Failure> failure = errors.last();
    Optional<Instant> failedAt = failure.map(ErrorLog.Failure::at);
    return new RealtimeStatus(
        schema().name(),
        topic,
        now.state(),
        now.detail(),
        now.standsStillSince(),
        partitions,
        indexed.get(),
        counts,
        heapBytes,
        failure.map(ErrorLog.Failure::message),
        failedAt);
  }

  private PartitionStatus partitionStatus(PartitionChain chain, RealtimeState now) {
    int partition = chain.kafkaPartition();
    Long lag = lags.get(partition);
    return new PartitionStatus(
        partition,
        partitionState(partition, now),
        chain.position(),
        chain.commitStart(),
        lag == null ? OptionalLong.empty() : OptionalLong.of(lag),
        chain.pieceCount(),
        Optional.ofNullable(lost.get(partition)));
  }

  private RealtimeState partitionState(int partition, RealtimeState now) {
    if (isStopped(partition)) {
      return RealtimeState.DATA_LOSS;
    }
    return now == RealtimeState.RUNNING && withoutSchema.containsKey(partition)
        ? RealtimeState.WAITING_FOR_SCHEMA
        : now;
  }

  private String schemaDetail() {
    List<String> waiting = new ArrayList<>();
    withoutSchema.forEach(
        (partition, one) ->
            waiting.add("partition %d waits at %s".formatted(partition, one.why())));
    return String.join("; ", waiting);
  }

  private String lossDetail() {
    List<String> ranges = new ArrayList<>();
    new TreeMap<>(lost)
        .forEach(
            (partition, range) ->
                ranges.add(
                    "[%d, %d) of partition %d"
                        .formatted(range.startOffset(), range.endOffset(), partition)));
    return "topic '%s' no longer holds the offsets %s, which are not committed; a batch run over the archive can load them; with starfire.realtime.continue-after-data-loss = true the server reads on behind them"
        .formatted(topic, String.join(", ", ranges));
  }
}
