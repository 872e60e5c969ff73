package io.starfire.serving.realtime;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.segment.index.IncrementalIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one Kafka partition in the offsets {@code [start, end)}, by segment bucket and, where
 * their columns do not go together, by schema. It grows at its end until it is sealed; then it is
 * persisted, committed or retired, and dropped. Guarded by the lock of the chain.
 */
final class Piece {
  private static final long NEVER = -1;

  private final long start;
  private final List<PieceBucket> buckets = new ArrayList<>();

  /** The same by the start of the bucket, while rows are added. */
  private final Map<Long, List<PieceBucket>> byStart = new HashMap<>();

  private final List<PendingDeadLetter> deadLetters = new ArrayList<>();
  private long end;
  private long events;
  private long firstAtMillis = NEVER;
  private PieceBucket recent;

  private boolean sealed;
  private boolean persisting;
  private boolean persisted;
  private long nextPersistAtMillis;

  private CommitOutcome outcome;
  private long retiredAtMillis = NEVER;

  Piece(long start) {
    this.start = start;
    this.end = start;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  long events() {
    return events;
  }

  boolean isEmptyRange() {
    return start == end;
  }

  Collection<PieceBucket> buckets() {
    return buckets;
  }

  List<PendingDeadLetter> deadLetters() {
    return deadLetters;
  }

  /**
   * Adds a row.
   *
   * @throws RuntimeException if the row was not added; the rows of the piece are then unchanged
   */
  void add(RowDecoder.Decoded row) {
    PieceBucket at = bucketOf(row.row().timeMillis(), row.schema());
    if (at.add(row)) {
      buckets.add(at);
      byStart.computeIfAbsent(at.bucket().startMillis(), start -> new ArrayList<>(1)).add(at);
    }
    recent = at;
    events++;
  }

  /** Moves the end on to {@code offset}, whatever the records below it were. */
  void advanceTo(long offset, long nowMillis) {
    if (offset > end) {
      end = offset;
      if (firstAtMillis == NEVER) {
        firstAtMillis = nowMillis;
      }
    }
  }

  private PieceBucket bucketOf(long timeMillis, DataSourceSchema schema) {
    if (recent != null && recent.takes(timeMillis, schema)) {
      return recent;
    }
    Interval bucket = schema.segmentGranularity().bucket(timeMillis);
    for (PieceBucket known : byStart.getOrDefault(bucket.startMillis(), List.of())) {
      if (known.takes(timeMillis, schema)) {
        return known;
      }
    }
    return new PieceBucket(bucket, IncrementalIndex.growing(schema));
  }

  /** Milliseconds since the first of its offsets was read; 0 if there is none. */
  long ageMillis(long nowMillis) {
    return firstAtMillis == NEVER ? 0 : Math.max(0, nowMillis - firstAtMillis);
  }

  int rowsInMemory() {
    int rows = 0;
    for (PieceBucket bucket : buckets) {
      rows += bucket.index() == null ? 0 : bucket.index().rowCount();
    }
    return rows;
  }

  long heapBytes() {
    long bytes = 0;
    for (PieceBucket bucket : buckets) {
      bytes += bucket.heapBytes();
    }
    for (PendingDeadLetter letter : deadLetters) {
      bytes += letter.estimatedBytes();
    }
    return bytes;
  }

  void seal() {
    sealed = true;
    persisted = buckets.isEmpty();
    byStart.clear();
  }

  boolean isSealed() {
    return sealed;
  }

  boolean isPersisted() {
    return persisted;
  }

  boolean isDueForPersist(long nowMillis) {
    return sealed && !persisted && !persisting && nowMillis >= nextPersistAtMillis;
  }

  boolean awaitsPersist() {
    return sealed && !persisted;
  }

  void persistStarted() {
    persisting = true;
  }

  void persistDone() {
    persisting = false;
    persisted = true;
    recent = null;
  }

  void persistFailed(long retryAtMillis) {
    persisting = false;
    nextPersistAtMillis = retryAtMillis;
  }

  boolean isPersisting() {
    return persisting;
  }

  /** Empty (null) until this piece's range is committed by this node. */
  CommitOutcome outcome() {
    return outcome;
  }

  void committed(CommitOutcome by) {
    outcome = by;
    deadLetters.clear();
  }

  /** Another node committed these offsets: kept for a while for queries under way. */
  void retire(long nowMillis) {
    retiredAtMillis = nowMillis;
  }

  boolean isRetired() {
    return retiredAtMillis != NEVER;
  }

  boolean isUncommitted() {
    return outcome == null && !isRetired();
  }

  long retiredForMillis(long nowMillis) {
    return nowMillis - retiredAtMillis;
  }
}
