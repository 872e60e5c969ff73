package io.starfire.serving.query.model;

/**
 * Buckets of one length, counted from an origin in both directions.
 *
 * @param durationMillis length, above 0
 * @param originMillis where one of the buckets starts
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
