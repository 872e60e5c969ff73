package io.starfire.serving.query.exec;

/** Counts rows. Not thread-safe. */
final class CountAccumulator extends Accumulator {
  private long[] counts = {};

  @Override
  void read(int from, int count) {}

  @Override
  void add(int[] rows, int[] groups, int count) {
    for (int i = 0; i < count; i++) {
      counts[groups[i]]++;
    }
  }

  @Override
  void addToOne(int[] rows, int count, int group) {
    counts[group] += count;
  }

  @Override
  void grow(int capacity) {
    counts = grown(counts, capacity, 0);
  }

  @Override
  void store(int group, Aggregates into, int index) {
    into.set(index, counts[group], 0);
  }
}
