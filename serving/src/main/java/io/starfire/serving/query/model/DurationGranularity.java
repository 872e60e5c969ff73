package io.starfire.serving.query.model;

/**
 * Buckets of a fixed length, counted from an origin in both directions. Immutable.
 *
 * @param durationMillis length in milliseconds, above 0
 * @param originMillis the start of one of the buckets, in milliseconds since the epoch
 */
public record DurationGranularity(long durationMillis, long originMillis)
    implements QueryGranularity {
  public DurationGranularity {
    if (durationMillis <= 0) {
      throw QueryChecks.invalid(
          "granularity.duration must be milliseconds above 0, got %d", durationMillis);
    }
  }

  @Override
  public long bucketStart(long millis) {
    return millis - Math.floorMod(millis - originMillis, durationMillis);
  }

  @Override
  public long bucketEnd(long bucketStartMillis) {
    // A length beyond all of time would overflow.
    long end = bucketStartMillis + durationMillis;
    return end < bucketStartMillis ? Long.MAX_VALUE : end;
  }

  @Override
  public String text() {
    return "duration of " + durationMillis + " ms";
  }
}
