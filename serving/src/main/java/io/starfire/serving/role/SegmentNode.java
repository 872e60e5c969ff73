package io.starfire.serving.role;

import io.starfire.protocol.cluster.InventoryDelta;
import io.starfire.protocol.cluster.SegmentScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A node that serves stored segments, such as a historical. The coordinator tells it what to load
 * and what to drop, and is told what it serves; nobody asks it segment by segment. Brokers read its
 * rows. Thread-safe. All requests have a JSON form.
 */
public interface SegmentNode {
  /**
   * Begins to tell a listener of what is served: first of all that is served now, then of each
   * change, in order, one after the other. The listener must return at once.
   */
  void follow(Consumer<InventoryDelta> listener);

  /**
   * Brings a file from deep storage and checks all of it. Until it is forgotten, the segment that
   * is made of it can be read, and a {@link #load} of that segment waits for nothing. For files
   * that have no segment id yet.
   *
   * @throws io.starfire.common.StarfireException if it is missing, damaged, or there is no room
   */
  void fetch(String path, long sizeBytes);

  /** Forgets a fetched file, unless a loaded segment is made of it. */
  void forget(String path);

  /**
   * Orders a segment to be loaded. Returns at once; the segment is loaded in the order of the
   * orders, with others at a time. Loading it again is harmless.
   *
   * @return completed after the listeners were told that the segment is served; or failed, with a
   *     StarfireException, if its file is missing, damaged, or there is no room
   */
  CompletableFuture<Void> load(SegmentDescriptor segment);

  /** Stops to serve a segment, without waiting for a disk; queries that have it open go on. */
  void drop(SegmentId segment);

  /**
   * Says which segments are served as long as there is room: they are dropped when another one
   * needs it. Replaces what was said before.
   */
  void spare(Set<SegmentId> segments);

  /**
   * Holds the segments that a query reads, as far as this node has them, until the query closes
   * them, even if they are dropped meanwhile. Those that this node neither serves nor has fetched
   * are missing.
   */
  HeldRows<OpenSegment> hold(SegmentScan request);

  /** Tells the node that a query found bytes of its copy damaged, so that it gets another. */
  void reportDamage(SegmentId segment);
}
