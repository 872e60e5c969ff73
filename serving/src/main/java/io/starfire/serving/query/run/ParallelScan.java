package io.starfire.serving.query.run;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.exec.ScanShare;
import io.starfire.serving.query.exec.SharedKeys;
import io.starfire.serving.query.filter.SharedRows;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialMerger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scans the pieces of a node on the threads of a query, and merges what they give. Parts are begun
 * in order, so many ahead of the one that is merged next that no thread is idle. They and what they
 * found take at most a half of the memory of the query, so that merges have the other half; while
 * they take a quarter, none is begun ahead.
 */
public final class ParallelScan {
  private final AggregateQuery query;
  private final QueryRun run;
  private final QueryControl control;

  /** The account of the scans. */
  private final QueryControl scans;

  private final List<List<RowParts.Part>> shares;
  private final Merging merging;

  /** Null if nothing of the query is kept. */
  private final PartialKey.@Nullable Shape shape;

  private final IdentityHashMap<NodePiece, ScanShare> sharedBy = new IdentityHashMap<>();

  /** Those that were begun and are not merged, in order. */
  private final Deque<ScanPool.Task<Partial>> begun = new ArrayDeque<>();

  private int next;

  private ParallelScan(
      AggregateQuery query,
      List<List<RowParts.Part>> shares,
      List<NodePiece> pieces,
      SharedKeys keys,
      QueryRun run) {
    this.query = query;
    for (int i = 0; i < pieces.size(); i++) {
      sharedBy.put(pieces.get(i), new ScanShare(keys.of(i), rows(pieces.get(i), run)));
    }
    this.run = run;
    this.control = run.control();
    this.scans =
        run.canSpill() ? control.part(control.limits().maxMemoryBytes() / 2) : control.part();
    this.shares = shares;
    this.merging = new Merging(query, run);
    // What is shared means nothing without the rows of this query, and is too much to be kept.
    boolean keeps = run.cacheToUse() != null || run.cacheToPopulate() != null;
    this.shape =
        keeps && keys.isEmpty() ? PartialKey.shape(query, control.lookups().number()) : null;
  }

  /**
   * The groups of all pieces.
   *
   * @param alone whether nothing is merged with them, so that groups that cannot come into the
   *     answer may be left out
   */
  public static Partial scan(
      AggregateQuery query, List<NodePiece> pieces, boolean alone, QueryRun run) {
    return run.whole(
        () -> {
          SharedKeys keys = keys(query, pieces, run);
          return new ParallelScan(
                  query, RowParts.of(query, pieces, run.rowsOfPart()), pieces, keys, run)
              .scan(alone);
        });
  }

  private static SharedRows rows(NodePiece piece, QueryRun run) {
    return piece.isImmutable()
        ? new SharedRows(run.globalIds().numbersOf(piece.source().id()))
        : new SharedRows();
  }

  /** What pieces that never change have in common; the first query of a kind finds it out. */
  private static SharedKeys keys(AggregateQuery query, List<NodePiece> pieces, QueryRun run) {
    return pieces.stream().allMatch(NodePiece::isImmutable)
        ? SharedKeys.of(
            query,
            pieces.stream().map(NodePiece::source).toList(),
            (piece, e) -> pieces.get(piece).onFailure().apply(e),
            run.globalIds(),
            run.control())
        : SharedKeys.NONE;
  }

  /**
   * Merges partial results.
   *
   * @param partials which nobody else may use from now on
   * @param alone whether nothing is merged with them later, as for {@link #scan}
   */
  public static Partial merge(
      AggregateQuery query, Collection<Partial> partials, boolean alone, QueryRun run) {
    return run.whole(
        () -> {
          Merging merging = new Merging(query, run);
          for (Partial partial : partials) {
            // Those of other nodes know nothing of what these rows have in common.
            partial.own(run.control());
            merging.add(partial);
          }
          return merging.finish(alone);
        });
  }

  private Partial scan(boolean alone) {
    for (int at = 0; at < shares.size(); at++) {
      begin(at);
      merging.add(await(at));
    }
    return merging.finish(alone);
  }

  private void begin(int at) {
    int ahead = 2 * run.threads();
    while (next < shares.size() && (next == at || (next < at + ahead && hasRoom()))) {
      List<RowParts.Part> share = shares.get(next);
      begun.add(run.share().submit(() -> scan(share, scans)));
      next++;
    }
  }

  private boolean hasRoom() {
    return scans.freeBytes() > control.limits().maxMemoryBytes() / 4;
  }

  /** If it finds no memory beside others, it gets all that can be freed, and tries once more. */
  private Partial await(int at) {
    try {
      return run.await(begun.removeFirst());
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.CAPACITY_EXCEEDED || !run.canSpill()) {
        throw e;
      }
    }
    while (!begun.isEmpty()) {
      try {
        run.await(begun.removeFirst()).discard();
      } catch (StarfireException e) {
        if (e.code() != ErrorCode.CAPACITY_EXCEEDED) {
          throw e;
        }
      }
    }
    merging.spill();
    List<RowParts.Part> share = shares.get(at);
    next = at + 1;
    return run.await(run.share().submit(() -> scan(share, control)));
  }

  /** On the account of a part of the query, so that what fails leaves nothing there. */
  private Partial scan(List<RowParts.Part> share, QueryControl account) {
    QueryControl part = account.part();
    boolean complete = false;
    try {
      PartialMerger merger = new PartialMerger(query, part);
      for (RowParts.Part one : share) {
        merger.add(scan(one, part));
      }
      complete = true;
      return merger.merged();
    } finally {
      if (!complete) {
        part.releaseAll();
      }
    }
  }

  private Partial scan(RowParts.Part part, QueryControl account) {
    PartialKey key =
        shape != null && part.piece().isImmutable() ? PartialKey.of(shape, query, part) : null;
    PartialCache used = run.cacheToUse();
    if (key != null && used != null) {
      Partial kept = used.get(key, query, account);
      if (kept != null) {
        return kept;
      }
    }
    Partial found = read(part, account);
    PartialCache populated = run.cacheToPopulate();
    if (key != null && populated != null) {
      populated.put(key, found, account);
    }
    return found;
  }

  private Partial read(RowParts.Part part, QueryControl account) {
    RowSource source = part.piece().source();
    try {
      ScanShare shared = requireNonNull(sharedBy.get(part.piece()), "a piece of this scan");
      return QueryEngine.scan(query, source.rows(), source.parts(), part.rows(), shared, account);
    } catch (StarfireException e) {
      throw part.piece().onFailure().apply(e);
    }
  }
}
