package io.starfire.serving.realtime;

import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.protocol.CommitOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The rows of one Kafka partition in the offsets {@code [start, end)}, by segment bucket. It grows
 * at its end until it is sealed; then it is persisted, committed or retired, and dropped. Guarded
 * by the lock of the chain.
 */
final class Piece {
  private static final long NEVER = -1;

  private final RowSchemas schemas;
  private final long start;
  private final TreeMap<Long, PieceBucket> buckets = new TreeMap<>();
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

  Piece(RowSchemas schemas, long start) {
    this.schemas = schemas;
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
    return buckets.values();
  }

  List<PendingDeadLetter> deadLetters() {
    return deadLetters;
  }

  /**
   * Adds a row.
   *
   * @throws RuntimeException if the row does not fit the schema; the piece is then unchanged
   */
  void add(DataRow row) {
    PieceBucket at = bucketOf(row.timeMillis());
    schemas.add(at.index(), row);
    buckets.putIfAbsent(at.bucket().startMillis(), at);
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

  private PieceBucket bucketOf(long timeMillis) {
    if (recent != null && recent.bucket().contains(timeMillis)) {
      return recent;
    }
    Interval bucket = schemas.current().segmentGranularity().bucket(timeMillis);
    PieceBucket known = buckets.get(bucket.startMillis());
    return known != null ? known : new PieceBucket(bucket, schemas.newIndex());
  }

  /** Milliseconds since the first of its offsets was read; 0 if there is none. */
  long ageMillis(long nowMillis) {
    return firstAtMillis == NEVER ? 0 : Math.max(0, nowMillis - firstAtMillis);
  }

  int rowsInMemory() {
    int rows = 0;
    for (PieceBucket bucket : buckets.values()) {
      rows += bucket.index() == null ? 0 : bucket.index().rowCount();
    }
    return rows;
  }

  long heapBytes() {
    long bytes = 0;
    for (PieceBucket bucket : buckets.values()) {
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
