package io.starfire.serving.broker;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LocalRows;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The live pieces of one Kafka partition, as {@link LiveNode} says: a chain of ranges of offsets.
 * Every event falls into the same hour, and has one click.
 */
final class FakeChain implements LiveNode {
  private final Interval bucket;
  private final TreeMap<Long, Piece> pieces = new TreeMap<>();
  private long end;

  record Piece(long start, IncrementalIndex index) {}

  FakeChain(Interval bucket) {
    this.bucket = bucket;
    pieces.put(0L, new Piece(0, new IncrementalIndex(SegmentFiles.SCHEMA)));
  }

  /** Reads one event. */
  synchronized void add() {
    boolean unused =
        pieces
            .lastEntry()
            .getValue()
            .index()
            .add(SegmentFiles.row(bucket.startMillis() + end * 1000 % 3_600_000, "p", 1));
    end++;
  }

  /** Seals the newest piece, which ends at the offset that is returned, and begins the next. */
  synchronized long seal() {
    pieces.put(end, new Piece(end, new IncrementalIndex(SegmentFiles.SCHEMA)));
    return end;
  }

  synchronized Piece piece(long start) {
    return pieces.get(start);
  }

  synchronized void drop(long start) {
    pieces.remove(start);
  }

  @Override
  public synchronized HeldRows<LivePiece> hold(LiveScan request) {
    long start = request.committed().getOrDefault(0, pieces.firstKey());
    List<LivePiece> live = new ArrayList<>();
    if (pieces.containsKey(start) && bucket.overlaps(request.interval())) {
      for (Piece piece : pieces.tailMap(start).values()) {
        live.add(
            new LivePiece(bucket, Times.format(bucket.startMillis()), piece.index().snapshot()));
      }
    }
    return LocalRows.ofLive(live);
  }
}
