package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.InventoryDelta;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.role.SegmentNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the coordinator knows of the segments that a node serves, and has told it to load and to
 * drop. The node tells what it serves; it is never asked. Thread-safe.
 */
final class ServedSegments {
  private final SegmentNode node;
  private final Set<SegmentId> served = ConcurrentHashMap.newKeySet();

  /** Orders that are not done yet. */
  private final Map<SegmentId, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();

  /** Held while orders are given: a segment is not dropped after it was found to be served. */
  private final Object ordering = new Object();

  private volatile Runnable onChange = () -> {};

  ServedSegments(SegmentNode node) {
    this.node = node;
    node.follow(this::changed);
  }

  /** What is done, soon, when a segment was lost, and when all that was ordered is loaded. */
  void onChange(Runnable action) {
    onChange = action;
  }

  private void changed(InventoryDelta delta) {
    served.addAll(delta.added());
    if (served.removeAll(Set.copyOf(delta.removed()))) {
      onChange.run();
    }
  }

  boolean serves(SegmentId segment) {
    return served.contains(segment);
  }

  boolean isLoading(SegmentId segment) {
    return loading.containsKey(segment);
  }

  /**
   * Has a segment loaded, unless it is served or ordered already. Returns at once.
   *
   * @return completed when it is served
   */
  CompletableFuture<Void> load(SegmentDescriptor segment) {
    SegmentId id = segment.id();
    CompletableFuture<Void> order;
    synchronized (ordering) {
      if (served.contains(id)) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> earlier = loading.get(id);
      if (earlier != null) {
        return earlier;
      }
      order = node.load(segment);
      loading.put(id, order);
    }
    var unused = order.whenComplete((done, failure) -> ended(id, order, failure));
    return order;
  }

  private void ended(SegmentId id, CompletableFuture<Void> order, Throwable failure) {
    loading.remove(id, order);
    if (failure == null && loading.isEmpty()) {
      onChange.run();
    }
  }

  /** Waits until nothing is being loaded, whatever becomes of it. */
  void awaitOrders() {
    for (CompletableFuture<Void> order : List.copyOf(loading.values())) {
      order.handle((done, failure) -> true).join();
    }
  }

  /**
   * Waits for an order.
   *
   * @throws StarfireException why the segment could not be loaded
   */
  static void await(CompletableFuture<Void> order) {
    try {
      order.join();
    } catch (CompletionException e) {
      throw failure(e);
    }
  }

  /** The failure of an order. */
  static StarfireException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof StarfireException known
        ? new StarfireException(known.code(), known.getMessage(), known)
        : new StarfireException(ErrorCode.INTERNAL, "loading a segment failed: " + cause, cause);
  }

  /**
   * Has everything dropped that is not wanted.
   *
   * @param wanted asked while no order is given: what is wanted before it is ordered to be loaded
   *     is not dropped
   */
  void dropAllBut(Supplier<? extends Collection<SegmentId>> wanted) {
    synchronized (ordering) {
      Set<SegmentId> present = Set.copyOf(served);
      Collection<SegmentId> kept = wanted.get();
      for (SegmentId segment : present) {
        if (!kept.contains(segment)) {
          served.remove(segment);
          node.drop(segment);
        }
      }
    }
  }

  void spare(Set<SegmentId> segments) {
    node.spare(segments);
  }

  void fetch(String path, long sizeBytes) {
    node.fetch(path, sizeBytes);
  }

  void forget(String path) {
    node.forget(path);
  }
}
