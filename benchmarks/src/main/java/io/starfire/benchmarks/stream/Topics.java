package io.starfire.benchmarks.stream;

/**
 * The two raw topics of a data set. Both have the same keys and partitions, so that a system that
 * joins topics partition by partition needs no shuffle.
 */
record Topics(String impressions, String clicks, int partitions) {
  static final int PARTITIONS = 4;

  static Topics named(String suffix, int partitions) {
    return new Topics("impressions" + suffix, "clicks" + suffix, partitions);
  }
}
