package io.starfire.serving.timeline;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.serving.timeline.VisiblePieces.Piece;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Which segments answer for which part of time.
 *
 * <p>The story. A stream writes the hours of a day as it goes, each under a low version. At night a
 * batch run writes the whole day again, under a higher one:
 *
 * <pre>
 *   v2 (batch)            |-----------------------|
 *   v1 (stream)     |-----|-----|-----|-----|-----|-----|
 *   lookup          |v1   |v2                     |v1   |
 * </pre>
 *
 * At each instant the highest version shows, and what lies beneath stays there unseen: taking the
 * batch run away brings the hours back. Versions compare as strings. Intervals of different lengths
 * may lie over each other in any way, so that a segment may show in several pieces; but entries of
 * one version do not overlap, since nothing could say which of them is right.
 *
 * <p>An interval and version may come in several partitions, one after the other. Until none is
 * missing, the set is incomplete, and an incomplete set never hides a complete one: {@link #lookup}
 * goes on with what was there before. So a run that lost a partition is never seen, and one that is
 * still arriving turns up all at once. {@link #lookupWithIncompletePartitions} tells what would
 * show if incomplete sets counted. What shows in neither is {@linkplain #findFullyOvershadowed
 * fully overshadowed}, and may be dropped.
 *
 * <p>A bucket that a batch run found empty is a {@link TombstoneChunk}: a complete set without
 * rows, which hides what lies beneath like any other.
 *
 * <p>How it works. {@code all} has every entry that was added and not removed, and two sets of
 * pieces say who shows where, one among the complete entries, one among all. When entries come or
 * go, the pieces over their interval are worked out anew: the entries that overlap it, highest
 * first, each take what is left. So the outcome does not depend on the order of arrival.
 *
 * <p>Thread-safe, by a fair read-write lock. Lists that are returned are immutable snapshots. For a
 * view that must not change, {@link #copy()} gives an instance of its own: it costs time in the
 * number of entries, and shares the immutable chunks.
 *
 * @param <T> what a partition stands for, such as a segment descriptor
 */
public final class VersionedIntervalTimeline<T> {
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final boolean skipObjectsWithNoData;

  private NavigableMap<TimelineEntry.Key, TimelineEntry<T>> all = new TreeMap<>();
  private final VisiblePieces<T> complete;
  private final VisiblePieces<T> completeOrNot;

  /** The longest interval that was ever added; bounds the search for overlapping ones. */
  private long longestMillis;

  private int size;

  /** A timeline whose lookups contain tombstones. */
  public VersionedIntervalTimeline() {
    this(false);
  }

  /**
   * @param skipObjectsWithNoData whether lookups leave out what is made of tombstones only, as
   *     brokers want it; they hide what lies beneath all the same
   */
  public VersionedIntervalTimeline(boolean skipObjectsWithNoData) {
    this.skipObjectsWithNoData = skipObjectsWithNoData;
    this.complete = new VisiblePieces<>();
    this.completeOrNot = new VisiblePieces<>();
  }

  private VersionedIntervalTimeline(VersionedIntervalTimeline<T> other) {
    this.skipObjectsWithNoData = other.skipObjectsWithNoData;
    this.all = new TreeMap<>(other.all);
    this.complete = new VisiblePieces<>(other.complete);
    this.completeOrNot = new VisiblePieces<>(other.completeOrNot);
    this.longestMillis = other.longestMillis;
    this.size = other.size;
  }

  /** An independent timeline with the same content. */
  public VersionedIntervalTimeline<T> copy() {
    return reading(() -> new VersionedIntervalTimeline<>(this));
  }

  /**
   * Adds one partition. One that is equal to a partition already there is ignored.
   *
   * @throws StarfireException with CONFLICT if the interval overlaps another one of the same
   *     version; with INVALID_INPUT if it is empty or kinds of partitions mix; with INTERNAL if the
   *     partition is there with another core count. Nothing changes then.
   */
  public void add(Interval interval, String version, PartitionChunk<T> chunk) {
    writing(
        () -> {
          TimelineEntry.Key key = new TimelineEntry.Key(interval, version);
          size += store(all, key, List.of(chunk));
          longestMillis = Math.max(longestMillis, interval.lengthMillis());
          rebuild(interval);
          return null;
        });
  }

  /**
   * Adds many partitions at once: all or, if one is refused, none. Looks at completeness once per
   * interval and version, and works out what shows once, so that it is the way to fill a timeline.
   *
   * @throws StarfireException as {@link #add} does
   */
  public void addAll(Collection<TimelineAddition<T>> additions) {
    if (additions.isEmpty()) {
      return;
    }
    Map<TimelineEntry.Key, List<PartitionChunk<T>>> byKey = new LinkedHashMap<>();
    for (TimelineAddition<T> addition : additions) {
      byKey
          .computeIfAbsent(
              new TimelineEntry.Key(addition.interval(), addition.version()),
              key -> new ArrayList<>())
          .add(addition.chunk());
    }
    writing(
        () -> {
          storeAll(byKey);
          return null;
        });
  }

  private void storeAll(Map<TimelineEntry.Key, List<PartitionChunk<T>>> byKey) {
    NavigableMap<TimelineEntry.Key, TimelineEntry<T>> grown = new TreeMap<>(all);
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    int added = 0;
    for (Map.Entry<TimelineEntry.Key, List<PartitionChunk<T>>> group : byKey.entrySet()) {
      Interval interval = group.getKey().interval();
      added += store(grown, group.getKey(), group.getValue());
      // Too large a bound only makes searches longer, so that a refusal need not take it back.
      longestMillis = Math.max(longestMillis, interval.lengthMillis());
      start = Math.min(start, interval.startMillis());
      end = Math.max(end, interval.endMillis());
    }
    all = grown;
    size += added;
    rebuild(new Interval(start, end));
  }

  /**
   * Takes away one partition; what lay beneath shows again.
   *
   * @param chunk found by equality, which does not look at its object
   * @return what was removed; empty, and nothing changes, if there is no such partition
   */
  public Optional<PartitionChunk<T>> remove(
      Interval interval, String version, PartitionChunk<T> chunk) {
    return writing(
        () -> {
          TimelineEntry.Key key = new TimelineEntry.Key(interval, version);
          TimelineEntry<T> entry = all.get(key);
          if (entry == null) {
            return Optional.empty();
          }
          Optional<PartitionChunk<T>> found =
              entry.holder().chunks().stream().filter(chunk::equals).findFirst();
          if (found.isPresent()) {
            PartitionHolder<T> left = entry.holder().without(chunk);
            if (left.isEmpty()) {
              all.remove(key);
            } else {
              all.put(key, new TimelineEntry<>(key, left));
            }
            size--;
            rebuild(interval);
          }
          return found;
        });
  }

  /**
   * What shows, among complete sets of partitions, in order of time; the first and the last piece
   * are clipped to {@code interval}. Nothing for an empty interval.
   */
  public List<TimelineObject<T>> lookup(Interval interval) {
    return reading(() -> lookup(complete, interval));
  }

  /** As {@link #lookup}, but incomplete sets show too. */
  public List<TimelineObject<T>> lookupWithIncompletePartitions(Interval interval) {
    return reading(() -> lookup(completeOrNot, interval));
  }

  private List<TimelineObject<T>> lookup(VisiblePieces<T> pieces, Interval interval) {
    return pieces.overlapping(interval).stream()
        .filter(piece -> !skipObjectsWithNoData || piece.entry().holder().hasData())
        .map(piece -> piece.entry().shownOver(piece.interval().intersect(interval)))
        .toList();
  }

  /**
   * The parts of {@code interval} in which rows of {@code version} that are not in the timeline,
   * such as live ones, would show: those that no complete set of a <em>higher</em> version covers.
   * One of the same version does not hide them. In order, not overlapping, each as long as it can
   * be.
   */
  public List<Interval> visibleParts(Interval interval, String version) {
    List<Interval> visible = new ArrayList<>();
    long free = interval.startMillis();
    List<Piece<T>> pieces = reading(() -> complete.overlapping(interval));
    for (Piece<T> piece : pieces) {
      if (piece.entry().version().compareTo(version) > 0) {
        if (free < piece.interval().startMillis()) {
          visible.add(new Interval(free, piece.interval().startMillis()));
        }
        free = piece.interval().endMillis();
      }
    }
    if (free < interval.endMillis()) {
      visible.add(new Interval(free, interval.endMillis()));
    }
    return List.copyOf(visible);
  }

  /**
   * Every entry that shows neither among the complete ones nor among all; only these may be dropped
   * from servers. Each with its true interval, ordered by interval, then version.
   */
  public List<TimelineObject<T>> findFullyOvershadowed() {
    return reading(
        () -> {
          Set<TimelineEntry.Key> visible = new HashSet<>();
          complete.all().forEach(piece -> visible.add(piece.entry().key()));
          completeOrNot.all().forEach(piece -> visible.add(piece.entry().key()));
          return all.values().stream()
              .filter(entry -> !visible.contains(entry.key()))
              .map(entry -> entry.shownOver(entry.interval()))
              .toList();
        });
  }

  /**
   * Whether something of this interval and version would be hidden everywhere: complete sets of
   * higher versions cover all of {@code interval}. False for an empty interval.
   */
  public boolean isOvershadowed(Interval interval, String version) {
    return !interval.isEmpty() && visibleParts(interval, version).isEmpty();
  }

  /**
   * A partition by number, whether it shows or not: of exactly this interval and version, or of one
   * with this version that contains the interval.
   */
  public Optional<PartitionChunk<T>> findChunk(Interval interval, String version, int number) {
    return reading(
        () -> {
          TimelineEntry<T> exact = all.get(new TimelineEntry.Key(interval, version));
          return (exact != null ? List.of(exact) : overlapping(all, interval))
              .stream()
                  .filter(entry -> entry.version().equals(version))
                  .filter(entry -> entry.interval().contains(interval))
                  .flatMap(entry -> entry.holder().chunks().stream())
                  .filter(chunk -> chunk.number() == number)
                  .findFirst();
        });
  }

  /** Everything that was added and not removed, hidden or not, by interval, version and number. */
  public List<T> objects() {
    return reading(
        () ->
            all.values().stream()
                .flatMap(entry -> entry.holder().chunks().stream())
                .map(PartitionChunk::object)
                .toList());
  }

  /** The number of partitions, hidden ones included. */
  public int size() {
    return reading(() -> size);
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /** Puts chunks into {@code entries}, or throws and leaves it as it was; returns how many. */
  private int store(
      NavigableMap<TimelineEntry.Key, TimelineEntry<T>> entries,
      TimelineEntry.Key key,
      List<PartitionChunk<T>> chunks) {
    if (key.interval().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the interval %s of version %s is empty; a segment covers at least a millisecond"
              .formatted(key.interval(), key.version()));
    }
    TimelineEntry<T> existing = entries.get(key);
    if (existing == null) {
      checkNoOverlap(entries, key);
    }
    PartitionHolder<T> before = existing == null ? PartitionHolder.empty() : existing.holder();
    PartitionHolder<T> after = before.withAll(chunks);
    entries.put(key, new TimelineEntry<>(key, after));
    return after.chunks().size() - before.chunks().size();
  }

  private void checkNoOverlap(
      NavigableMap<TimelineEntry.Key, TimelineEntry<T>> entries, TimelineEntry.Key key) {
    for (TimelineEntry<T> other : overlapping(entries, key.interval())) {
      if (other.version().equals(key.version())) {
        throw new StarfireException(
            ErrorCode.CONFLICT,
            "cannot add %s of version %s: it overlaps %s of the same version; segments of one version must not overlap unless their intervals are equal"
                .formatted(key.interval(), key.version(), other.interval()));
      }
    }
  }

  private List<TimelineEntry<T>> overlapping(
      NavigableMap<TimelineEntry.Key, TimelineEntry<T>> entries, Interval interval) {
    long earliest = interval.startMillis() - longestMillis;
    return entries
        .subMap(
            new TimelineEntry.Key(new Interval(earliest, earliest), ""),
            new TimelineEntry.Key(new Interval(interval.endMillis(), interval.endMillis()), ""))
        .values()
        .stream()
        .filter(entry -> entry.interval().overlaps(interval))
        .toList();
  }

  private void rebuild(Interval region) {
    List<TimelineEntry<T>> candidates = overlapping(all, region);
    completeOrNot.rebuild(region, candidates);
    complete.rebuild(
        region, candidates.stream().filter(entry -> entry.holder().isComplete()).toList());
  }

  private <R> R reading(Supplier<R> work) {
    return locked(lock.readLock(), work);
  }

  private <R> R writing(Supplier<R> work) {
    return locked(lock.writeLock(), work);
  }

  private static <R> R locked(Lock lock, Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
