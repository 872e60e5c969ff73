package io.starfire.serving.timeline;

import io.starfire.common.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who shows where: pieces that do not overlap, each as long as it can be. Where entries overlap,
 * the higher version has the piece. Not thread-safe.
 */
final class VisiblePieces<T> {
  /** A part of an entry's interval in which it is the highest. */
  record Piece<T>(Interval interval, TimelineEntry<T> entry) {}

  private final TreeMap<Long, Piece<T>> byStart;

  VisiblePieces() {
    byStart = new TreeMap<>();
  }

  VisiblePieces(VisiblePieces<T> other) {
    byStart = new TreeMap<>(other.byStart);
  }

  /**
   * Works out anew who shows within {@code region}; outside, nothing changes.
   *
   * @param candidates all entries that may show and whose interval overlaps the region
   */
  void rebuild(Interval region, Collection<TimelineEntry<T>> candidates) {
    clear(region);
    candidates.stream()
        .sorted(Comparator.comparing(TimelineEntry<T>::version).reversed())
        .forEach(entry -> fillGaps(region.intersect(entry.interval()), entry));
    joinAt(region.startMillis());
    joinAt(region.endMillis());
  }

  /** The pieces that overlap, in order, not clipped. */
  List<Piece<T>> overlapping(Interval interval) {
    List<Piece<T>> found = new ArrayList<>();
    Long from = byStart.floorKey(interval.startMillis());
    for (Piece<T> piece :
        byStart
            .subMap(from == null ? interval.startMillis() : from, true, interval.endMillis(), false)
            .values()) {
      if (piece.interval.overlaps(interval)) {
        found.add(piece);
      }
    }
    return found;
  }

  Collection<Piece<T>> all() {
    return byStart.values();
  }

  private void clear(Interval region) {
    for (Piece<T> piece : overlapping(region)) {
      byStart.remove(piece.interval.startMillis());
      put(piece.interval.startMillis(), region.startMillis(), piece.entry);
      put(region.endMillis(), piece.interval.endMillis(), piece.entry);
    }
  }

  /** The entries come highest first, so that each takes what the ones above it left. */
  private void fillGaps(Interval wanted, TimelineEntry<T> entry) {
    long free = wanted.startMillis();
    for (Piece<T> taken : overlapping(wanted)) {
      put(free, taken.interval.startMillis(), entry);
      free = taken.interval.endMillis();
    }
    put(free, wanted.endMillis(), entry);
  }

  /** Pieces without length are never stored. */
  private void put(long start, long end, TimelineEntry<T> entry) {
    if (start < end) {
      byStart.put(start, new Piece<>(new Interval(start, end), entry));
    }
  }

  private void joinAt(long millis) {
    Map.Entry<Long, Piece<T>> left = byStart.lowerEntry(millis);
    Piece<T> right = byStart.get(millis);
    if (left != null
        && right != null
        && left.getValue().interval.endMillis() == millis
        && left.getValue().entry.key().equals(right.entry.key())) {
      byStart.remove(millis);
      put(left.getKey(), right.interval.endMillis(), right.entry);
    }
  }
}
