package io.starfire.benchmarks.stream;

/**
 * The two raw topics of a data set. Both have as many partitions and the same keys, so that a
 * system that joins topics partition by partition needs no shuffle.
 */
record Topics(String impressions, String clicks) {
  static final int PARTITIONS = 4;

  static Topics named(String suffix) {
    return new Topics("impressions" + suffix, "clicks" + suffix);
  }
}
