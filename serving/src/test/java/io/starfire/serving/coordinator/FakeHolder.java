package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.historical.SegmentHolder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A historical without files: loads at once, but for the paths that a test withholds. */
final class FakeHolder implements SegmentHolder {
  private final Set<SegmentId> served = ConcurrentHashMap.newKeySet();
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();

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

  @Override
  public void load(SegmentDescriptor segment) {
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
