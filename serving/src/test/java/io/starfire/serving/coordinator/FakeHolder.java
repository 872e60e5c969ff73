package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.historical.SegmentHolder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A historical without files: loads at once, but for the paths that a test withholds. */
final class FakeHolder implements SegmentHolder {
  private final Set<SegmentId> served = ConcurrentHashMap.newKeySet();
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();
  private volatile Consumer<SegmentDescriptor> beforeLoad = segment -> {};

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

  /** What is done first when a segment is loaded that is not served. */
  void beforeLoad(Consumer<SegmentDescriptor> action) {
    beforeLoad = action;
  }

  @Override
  public void load(SegmentDescriptor segment) {
    if (!serves(segment.id())) {
      beforeLoad.accept(segment);
    }
    fetch(segment.path(), segment.sizeBytes());
    served.add(segment.id());
  }

  @Override
  public void drop(SegmentId segment) {
    served.remove(segment);
  }

  @Override
  public void spare(Set<SegmentId> segments) {}

  @Override
  public boolean serves(SegmentId segment) {
    return served.contains(segment);
  }

  @Override
  public Set<SegmentId> served() {
    return Set.copyOf(served);
  }
}
