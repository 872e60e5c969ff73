package io.starfire.serving.role;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentId;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.run.NodePiece;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.QueryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rows of a node in this process.
 *
 * @param <P> segments or live pieces
 */
public final class LocalRows<P extends HeldPiece> implements HeldRows<P> {
  private final List<P> pieces;
  private final Consumer<SegmentId> onDamage;

  private LocalRows(List<P> pieces, Consumer<SegmentId> onDamage) {
    this.pieces = List.copyOf(pieces);
    this.onDamage = onDamage;
  }

  /**
   * Segments.
   *
   * @param pieces closed with the rows
   * @param onDamage told of a segment whose bytes cannot be read
   */
  public static LocalRows<OpenSegment> ofSegments(
      List<OpenSegment> pieces, Consumer<SegmentId> onDamage) {
    return new LocalRows<>(pieces, onDamage);
  }

  /** Live pieces, which are closed with the rows. */
  public static LocalRows<LivePiece> ofLive(List<LivePiece> pieces) {
    return new LocalRows<>(pieces, segment -> {});
  }

  /** What a node has that has nothing. */
  public static LocalRows<LivePiece> ofNothing() {
    return ofLive(List.of());
  }

  @Override
  public List<P> pieces() {
    return pieces;
  }

  @Override
  public Partial scan(NodeScan scan, QueryRun run) {
    List<NodePiece> sources = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      P piece = pieces.get(i);
      sources.add(
          new NodePiece(
              piece.source(scan.clips().get(i)), piece.isImmutable(), e -> failed(piece, e)));
    }
    return ParallelScan.scan(scan.query(), sources, scan.alone(), run);
  }

  @Override
  public StarfireException failed(P piece, StarfireException e) {
    if (e.code() != ErrorCode.CORRUPT || !((HeldPiece) piece instanceof OpenSegment segment)) {
      return e;
    }
    onDamage.accept(segment.id());
    return new StarfireException(
        ErrorCode.CORRUPT,
        "segment %s cannot be read and is being fetched again: %s"
            .formatted(segment.id(), e.getMessage()),
        e);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (P piece : pieces) {
      try {
        piece.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
