package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.InventoryDelta;
import io.starfire.protocol.cluster.SegmentScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LocalRows;
import io.starfire.serving.role.OpenSegment;
import io.starfire.serving.role.SegmentNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A historical without files: loads at once, but for the paths that a test withholds. */
final class FakeHolder implements SegmentNode {
  private final Set<SegmentId> served = new HashSet<>();
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();
  private final List<Consumer<InventoryDelta>> listeners = new ArrayList<>();
  private volatile Consumer<SegmentDescriptor> beforeLoad;

  void withhold(String path) {
    withheld.add(path);
  }

  void give(String path) {
    withheld.remove(path);
  }

  @Override
  public void fetch(String path, long sizeBytes) {
    if (withheld.contains(path)) {
      throw new StarfireException(ErrorCode.CORRUPT, "file '%s' is damaged".formatted(path));
    }
  }

  @Override
  public void forget(String path) {}

  /**
   * What is done first when a segment is loaded that is not served. From then on each segment is
   * loaded by a thread of its own.
   */
  void beforeLoad(Consumer<SegmentDescriptor> action) {
    beforeLoad = action;
  }

  @Override
  public synchronized void follow(Consumer<InventoryDelta> listener) {
    listeners.add(listener);
    listener.accept(new InventoryDelta(List.copyOf(served), List.of()));
  }

  @Override
  public CompletableFuture<Void> load(SegmentDescriptor segment) {
    Consumer<SegmentDescriptor> first = beforeLoad;
    if (first == null || serves(segment.id())) {
      return CompletableFuture.runAsync(() -> serve(segment), Runnable::run);
    }
    return CompletableFuture.runAsync(
        () -> {
          first.accept(segment);
          serve(segment);
        },
        task -> new Thread(task, "load " + segment.id()).start());
  }

  private void serve(SegmentDescriptor segment) {
    fetch(segment.path(), segment.sizeBytes());
    synchronized (this) {
      if (served.add(segment.id())) {
        listeners.forEach(listener -> listener.accept(InventoryDelta.added(segment.id())));
      }
    }
  }

  @Override
  public synchronized void drop(SegmentId segment) {
    if (served.remove(segment)) {
      listeners.forEach(listener -> listener.accept(InventoryDelta.removed(segment)));
    }
  }

  @Override
  public void spare(Set<SegmentId> segments) {}

  @Override
  public HeldRows<OpenSegment> hold(SegmentScan request) {
    return LocalRows.ofSegments(List.of(), this::drop);
  }

  @Override
  public void reportDamage(SegmentId segment) {
    drop(segment);
  }

  synchronized boolean serves(SegmentId segment) {
    return served.contains(segment);
  }

  synchronized Set<SegmentId> served() {
    return Set.copyOf(served);
  }
}
