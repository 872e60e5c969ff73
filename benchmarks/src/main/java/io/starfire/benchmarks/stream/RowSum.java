package io.starfire.benchmarks.stream;

/**
 * The number of rows and a sum over them that does not depend on their order. Two sets of rows with
 * equal sums are taken for equal. Not thread-safe.
 */
final class RowSum {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private long rows;
  private long sum;

  /** Adds a row; texts may be null. */
  void add(String id, String advertiser, String publisher, String city, double price, long clicks) {
    long hash = text(FNV_OFFSET, id);
    hash = text(hash, advertiser);
    hash = text(hash, publisher);
    hash = text(hash, city);
    hash = (hash ^ Double.doubleToLongBits(price)) * FNV_PRIME;
    hash = mix(hash) ^ clicks;
    sum += mix(hash);
    rows++;
  }

  long rows() {
    return rows;
  }

  boolean isEqualTo(RowSum other) {
    return rows == other.rows && sum == other.sum;
  }

  @Override
  public String toString() {
    return "%,d rows with sum %016x".formatted(rows, sum);
  }

  private static long text(long hash, String text) {
    long next = hash;
    for (int i = 0; text != null && i < text.length(); i++) {
      next = (next ^ text.charAt(i)) * FNV_PRIME;
    }
    return (next ^ 0xff) * FNV_PRIME;
  }

  /** The finalizer of SplitMix64. */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
