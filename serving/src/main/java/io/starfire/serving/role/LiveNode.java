package io.starfire.serving.role;

import io.starfire.protocol.cluster.LiveScan;

/**
 * A node that has rows which are not committed yet: a real-time node. Thread-safe.
 *
 * <p>It is not told that it may drop the rows that it has committed. It asks once for each commit,
 * and the answer comes when it may: see {@link RealtimeCoordination#whenHandedOff}.
 */
public interface LiveNode {
  /**
   * Holds the live pieces that a query reads, as they are at one moment. For each partition they
   * begin at exactly the offset that is committed in the query's view: {@code [committed, e1), [e1,
   * e2), ...} up to the newest row. If no piece of a partition begins at that offset, it yields
   * nothing.
   *
   * @return pieces that the caller closes
   */
  HeldRows<LivePiece> hold(LiveScan request);
}
