package io.starfire.serving.historical;

import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import java.util.Set;

/**
 * A historical, as the coordinator sees it: it is told what to load and what to drop.
 * Implementations are thread-safe.
 */
public interface SegmentHolder {
  /**
   * Brings a file from deep storage and checks all of it. Until it is forgotten, queries can read
   * the segment that is made of it, and a {@link #load} of that segment waits for nothing. For
   * files that have no segment id yet.
   *
   * @throws io.starfire.common.StarfireException if it is missing, damaged, or there is no room
   */
  void fetch(String path, long sizeBytes);

  /** Forgets a fetched file, unless a loaded segment is made of it. */
  void forget(String path);

  /**
   * Loads a segment; when this returns, it is served. Loading it again is harmless.
   *
   * @throws io.starfire.common.StarfireException if its file is missing, damaged, or there is no
   *     room
   */
  void load(SegmentDescriptor segment);

  /** Stops to serve a segment, without waiting for a disk; queries that have it open go on. */
  void drop(SegmentId segment);

  /**
   * Says which segments are served as long as there is room: they are dropped when another one
   * needs it. Replaces what was said before.
   */
  void spare(Set<SegmentId> segments);

  boolean serves(SegmentId segment);

  /** Everything that is served at this moment. */
  Set<SegmentId> served();
}
