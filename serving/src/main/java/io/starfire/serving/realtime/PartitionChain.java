package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.Outcome;
import io.starfire.protocol.CommitOutcome;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The pieces of one Kafka partition, in the order of their offsets:
 *
 * <pre>
 *   [100, 250) [250, 400) | [400, 520) [520, 610) [610, 633...
 *    committed, not yet     sealed, persisted      open: rows
 *    handed off             or being so            are added
 * </pre>
 *
 * A query whose view says 100 is answered by all of them, one whose view says 400 by those from 400
 * on. Each piece starts where the one before it ends, except behind pieces that were retired
 * because another node committed offsets in the middle of them.
 *
 * <p>Thread-safe: one lock for all that is here. It is held for each batch of records, so that a
 * snapshot shows the rows of all offsets below {@link #position()} at one moment, and none above.
 */
final class PartitionChain {
  private static final long NONE = -1;

  private final int kafkaPartition;
  private final List<Piece> pieces = new ArrayList<>();
  private long commitStart;
  private int generation;
  private boolean handOffRequested;
  private long handOffEnd = NONE;
  private boolean closed;

  /** An error struck while a row was added: the open piece may hold a part of it. */
  private boolean torn;

  /**
   * A chain without rows.
   *
   * @param start the committed offset, or the first to read where nothing is committed
   */
  PartitionChain(int kafkaPartition, long start) {
    this.kafkaPartition = kafkaPartition;
    this.commitStart = start;
    pieces.add(new Piece(start));
  }

  int kafkaPartition() {
    return kafkaPartition;
  }

  /** The next offset to read; rows of all offsets below it are visible. */
  synchronized long position() {
    return open().end();
  }

  /** The next offset to commit from. */
  synchronized long commitStart() {
    return commitStart;
  }

  /** Changes whenever reading has to go on from another place than where it was. */
  synchronized int generation() {
    return generation;
  }

  synchronized int pieceCount() {
    return pieces.size();
  }

  /**
   * What became of the records of a batch.
   *
   * @param rejected to be sent
   * @param events how many records became rows
   * @param failure why the record at the position was not added, nor those behind it; they are to
   *     be read again
   */
  record Appended(
      List<PendingDeadLetter> rejected, int events, Optional<RuntimeException> failure) {}

  /**
   * Adds records that follow the position, and moves it behind each that was added or rejected, so
   * that none is read again if a later one fails. Rows that the index refuses count as rejected.
   * Ignored if the generation has changed meanwhile.
   *
   * @param nextOffset the next offset to read, beyond gaps
   * @param count hears what was added before the new position can be seen, so that who waits for a
   *     position finds its rows counted
   * @return empty if the batch was ignored
   * @throws Error if a row may be added in part; nothing of the chain is handed off any more then
   */
  synchronized Optional<Appended> append(
      int expectedGeneration,
      List<DecodedRecord> records,
      long nextOffset,
      long nowMillis,
      Consumer<Appended> count) {
    if (generation != expectedGeneration || closed || torn) {
      return Optional.empty();
    }
    Appended appended = add(records, nowMillis);
    if (appended.failure().isEmpty()) {
      open().advanceTo(nextOffset, nowMillis);
    }
    count.accept(appended);
    return Optional.of(appended);
  }

  private Appended add(List<DecodedRecord> records, long nowMillis) {
    Piece piece = open();
    List<PendingDeadLetter> rejected = new ArrayList<>();
    int events = 0;
    for (DecodedRecord record : records) {
      Optional<Rejection> rejection;
      try {
        rejection = record.rejection().or(() -> tryAdd(piece, record.decoded()));
      } catch (RuntimeException e) {
        return new Appended(rejected, events, Optional.of(e));
      } catch (Error e) {
        torn = true;
        throw e;
      }
      if (rejection.isPresent()) {
        PendingDeadLetter letter = new PendingDeadLetter(record.source(), rejection.get());
        piece.deadLetters().add(letter);
        rejected.add(letter);
      } else {
        events++;
      }
      piece.advanceTo(record.source().offset() + 1, nowMillis);
    }
    return new Appended(rejected, events, Optional.empty());
  }

  /** Moves the position over offsets that hold no records. Ignored as {@link #append} says. */
  synchronized void advance(int expectedGeneration, long nextOffset, long nowMillis) {
    if (generation == expectedGeneration && !closed && !torn) {
      open().advanceTo(nextOffset, nowMillis);
    }
  }

  private static Optional<Rejection> tryAdd(Piece piece, RowDecoder.Decoded row) {
    try {
      piece.add(row);
      return Optional.empty();
    } catch (StarfireException e) {
      return Optional.of(new Rejection(Outcome.SINK_REJECTED, DecodedRecord.reason(e)));
    }
  }

  /** See {@link LiveNode#hold}; empty for the chain's first start. */
  synchronized List<LivePiece> snapshot(OptionalLong committed, Interval interval) {
    List<LivePiece> opened = new ArrayList<>();
    boolean complete = false;
    try {
      int at = committed.isEmpty() ? 0 : indexOfStart(committed.getAsLong());
      long expectedStart = at < 0 || at >= pieces.size() ? -1 : pieces.get(at).start();
      for (int i = Math.max(at, 0); at >= 0 && i < pieces.size(); i++) {
        Piece piece = pieces.get(i);
        if (piece.start() != expectedStart) {
          break;
        }
        for (PieceBucket bucket : piece.buckets()) {
          if (bucket.bucket().overlaps(interval)) {
            opened.add(bucket.openLive());
          }
        }
        expectedStart = piece.end();
      }
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        opened.forEach(LivePiece::close);
      }
    }
  }

  /** From the newest on: a chain that was reset may have covered the offset before. */
  private int indexOfStart(long offset) {
    for (int i = pieces.size() - 1; i >= 0; i--) {
      if (pieces.get(i).start() == offset) {
        return i;
      }
    }
    return -1;
  }

  synchronized long heapBytes() {
    long bytes = 0;
    for (Piece piece : pieces) {
      bytes += piece.heapBytes();
    }
    return bytes;
  }

  /** Whether all rows read so far are committed. */
  synchronized boolean isDrained() {
    return open().end() == commitStart;
  }

  /** Sealed pieces whose rows are still in memory. */
  synchronized int awaitingPersist() {
    int waiting = 0;
    for (Piece piece : pieces) {
      waiting += piece.awaitsPersist() ? 1 : 0;
    }
    return waiting;
  }

  synchronized void sealIf(Predicate<Piece> due) {
    if (!closed && !torn && !open().isEmptyRange() && due.test(open())) {
      seal();
    }
  }

  private void seal() {
    Piece piece = open();
    if (piece.isEmptyRange()) {
      return;
    }
    piece.seal();
    pieces.add(new Piece(piece.end()));
  }

  /** A sealed piece to write out, marked as under way; empty if there is none. */
  synchronized Optional<Piece> takeForPersist(long nowMillis) {
    for (Piece piece : pieces) {
      if (!closed && piece.isDueForPersist(nowMillis)) {
        piece.persistStarted();
        return Optional.of(piece);
      }
    }
    return Optional.empty();
  }

  /**
   * All rows of the piece are read from its files from now on.
   *
   * @return false if the chain was closed meanwhile; the files then stay the caller's
   */
  synchronized boolean persisted(Piece piece, PersistedFiles files) {
    if (closed || !pieces.contains(piece)) {
      return false;
    }
    files.forEach(PieceBucket::persisted);
    piece.persistDone();
    return true;
  }

  synchronized void persistFailed(Piece piece, long retryAtMillis) {
    piece.persistFailed(retryAtMillis);
  }

  /** The next hand-off takes all rows read so far, whatever the limits say. */
  synchronized void requestHandOff() {
    handOffRequested = true;
  }

  /**
   * What is to be handed off, if it is due and all of it is persisted; the same range until it is
   * committed or refused.
   */
  synchronized Optional<HandOffRange> handOffRange(RealtimeSettings settings, long nowMillis) {
    if (torn) {
      return Optional.empty();
    }
    if (handOffEnd == NONE && isHandOffDue(settings, nowMillis)) {
      if (handOffRequested || !uncommitted().get(0).isSealed()) {
        seal();
      }
      handOffRequested = false;
      handOffEnd = open().start();
    }
    if (handOffEnd == NONE) {
      return Optional.empty();
    }
    List<Piece> range = new ArrayList<>();
    for (Piece piece : uncommitted()) {
      if (piece.isSealed() && piece.end() <= handOffEnd) {
        range.add(piece);
      }
    }
    return range.stream().allMatch(Piece::isPersisted)
        ? Optional.of(new HandOffRange(kafkaPartition, commitStart, handOffEnd, range))
        : Optional.empty();
  }

  private boolean isHandOffDue(RealtimeSettings settings, long nowMillis) {
    List<Piece> uncommitted = uncommitted();
    if (uncommitted.get(0).isEmptyRange()) {
      handOffRequested = false;
      return false;
    }
    long events = 0;
    for (Piece piece : uncommitted) {
      events += piece.events();
    }
    return handOffRequested
        || events >= settings.handOffRows()
        || uncommitted.get(0).ageMillis(nowMillis) >= settings.handOffPeriod().toMillis();
  }

  private List<Piece> uncommitted() {
    List<Piece> uncommitted = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.isUncommitted()) {
        uncommitted.add(piece);
      }
    }
    return uncommitted;
  }

  /** The range is committed: it stays answerable until it is handed off. */
  synchronized void committed(HandOffRange range, CommitOutcome outcome) {
    if (outcome.committedOffset() != range.end()) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "partition %d: after committing up to offset %d the committed offset must be that, got %d"
              .formatted(kafkaPartition, range.end(), outcome.committedOffset()));
    }
    for (Piece piece : range.pieces()) {
      piece.committed(outcome);
    }
    commitStart = range.end();
    handOffEnd = NONE;
  }

  /**
   * Another node committed up to {@code committedOffset}: what it committed is retired. If that is
   * not where one of our pieces starts, all is read again from there.
   */
  synchronized void lostRace(long committedOffset, long nowMillis) {
    if (open().end() == committedOffset) {
      seal();
    }
    boolean atBoundary = committedOffset >= commitStart && indexOfStart(committedOffset) >= 0;
    for (Piece piece : uncommitted()) {
      if (!atBoundary || piece.start() < committedOffset) {
        piece.retire(nowMillis);
      }
    }
    if (!atBoundary) {
      open().seal();
      pieces.removeIf(piece -> piece.isRetired() && piece.isEmptyRange());
      pieces.add(new Piece(committedOffset));
      generation++;
    }
    commitStart = committedOffset;
    handOffEnd = NONE;
  }

  /** The outcomes of commits whose pieces are still held. */
  synchronized List<CommitOutcome> outcomesHeld() {
    List<CommitOutcome> outcomes = new ArrayList<>();
    for (Piece piece : pieces) {
      CommitOutcome outcome = piece.outcome();
      if (outcome != null && !outcomes.contains(outcome)) {
        outcomes.add(outcome);
      }
    }
    return outcomes;
  }

  /** Takes pieces off the chain; the caller deletes their files. */
  synchronized List<Piece> drop(Predicate<Piece> which) {
    List<Piece> dropped = new ArrayList<>();
    for (Iterator<Piece> i = pieces.iterator(); i.hasNext(); ) {
      Piece piece = i.next();
      // One that is being written out is dropped the next time.
      if (!piece.isUncommitted() && !piece.isPersisting() && which.test(piece)) {
        i.remove();
        dropped.add(piece);
      }
    }
    return dropped;
  }

  /** Nothing is visible or added from here on. The caller deletes the files. */
  synchronized List<Piece> close() {
    closed = true;
    generation++;
    List<Piece> all = List.copyOf(pieces);
    pieces.clear();
    pieces.add(new Piece(commitStart));
    return all;
  }

  private Piece open() {
    return pieces.get(pieces.size() - 1);
  }
}
