package io.starfire.serving.timeline;

import io.starfire.common.Interval;

/** All partitions that the timeline has of one interval and version. Immutable. */
record TimelineEntry<T>(Key key, PartitionHolder<T> holder) {
  /** Ordered by interval, then version. */
  record Key(Interval interval, String version) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byInterval = interval.compareTo(other.interval);
      return byInterval != 0 ? byInterval : version.compareTo(other.version);
    }
  }

  Interval interval() {
    return key.interval;
  }

  String version() {
    return key.version;
  }

  TimelineObject<T> shownOver(Interval shown) {
    return new TimelineObject<>(shown, interval(), version(), holder.chunks());
  }
}
