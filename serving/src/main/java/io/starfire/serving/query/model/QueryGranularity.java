package io.starfire.serving.query.model;

import io.starfire.common.Granularity;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How a query divides time into buckets: half-open, without gaps, each named by its start.
 * Immutable.
 */
public sealed interface QueryGranularity
    permits QueryGranularity.Simple, DurationGranularity, PeriodGranularity {
  /** The start, inclusive, of the bucket that holds {@code millis}. */
  long bucketStart(long millis);

  /** The end, exclusive, of the bucket that starts at {@code bucketStartMillis}. */
  long bucketEnd(long bucketStartMillis);

  /** A short text for messages. */
  String text();

  /** Whether there is one bucket; its timestamp is the start of the query's first interval. */
  default boolean isAll() {
    return this instanceof Simple simple && simple.granularity == Granularity.ALL;
  }

  /** Whether each millisecond is its own bucket; empty ones are never filled in. */
  default boolean isNone() {
    return this instanceof Simple simple && simple.granularity == Granularity.NONE;
  }

  /** The time zone in which the starts of buckets are written. */
  default ZoneId zone() {
    return ZoneOffset.UTC;
  }

  /** One of the named divisions, in UTC. */
  static QueryGranularity of(Granularity granularity) {
    return new Simple(granularity);
  }

  /** A named division, in UTC. */
  record Simple(Granularity granularity) implements QueryGranularity {
    @Override
    public long bucketStart(long millis) {
      return granularity.bucketStart(millis);
    }

    @Override
    public long bucketEnd(long bucketStartMillis) {
      return granularity.bucketEnd(bucketStartMillis);
    }

    @Override
    public String text() {
      return granularity.jsonName();
    }
  }
}
