package io.starfire.serving.query.result;

import java.util.Arrays;

/** The time buckets of a timeseries: those that have a group, and others. Not thread-safe. */
final class Buckets {
  private final long[] groupStarts;

  /** In the order of groupStarts. */
  private final int[] groups;

  private long[] starts;
  private int size;

  /**
   * @param outputs of groups without dimensions, so that each has a bucket of its own
   */
  Buckets(GroupOutputs outputs) {
    this.groups = new int[outputs.size()];
    long[] times = new long[outputs.size()];
    Arrays.setAll(times, outputs::timeMillis);
    this.groupStarts = times.clone();
    Arrays.sort(groupStarts);
    for (int group = 0; group < times.length; group++) {
      groups[Arrays.binarySearch(groupStarts, times[group])] = group;
    }
    this.starts = groupStarts.clone();
    this.size = starts.length;
  }

  void add(long start) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, Math.max(16, 2 * size));
    }
    starts[size++] = start;
  }

  /** The starts of all buckets, ascending, each once. */
  long[] starts() {
    return Arrays.stream(starts, 0, size).sorted().distinct().toArray();
  }

  /** The group of a bucket; negative if it has none. */
  int groupOf(long start) {
    int at = Arrays.binarySearch(groupStarts, start);
    return at < 0 ? -1 : groups[at];
  }
}
