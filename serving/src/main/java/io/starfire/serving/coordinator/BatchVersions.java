package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import java.time.InstantSource;

/**
 * Hands out the versions of batch runs. A version is the largest of the run's start, the last
 * version handed out plus one millisecond, and the end of the last interval: so versions strictly
 * increase in the order in which they are asked for, whatever the clocks say, and each is above
 * every real-time version of its intervals, which is the start of a bucket. Thread-safe.
 */
final class BatchVersions {
  private final MetadataStore store;
  private final InstantSource clock;

  BatchVersions(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  VersionResponse next(VersionRequest request) {
    check(request);
    long version =
        store.write(
            transaction -> {
              DataSources.require(transaction, request.dataSource());
              long next = next(transaction, request);
              transaction.versions().add(next, request, clock.millis());
              return next;
            });
    return new VersionResponse(Times.format(version));
  }

  private static long next(MetadataTransaction transaction, VersionRequest request) {
    long afterLast = transaction.versions().last().orElse(Times.MIN_MILLIS - 1) + 1;
    long lastEnd = request.intervals().stream().mapToLong(Interval::endMillis).max().orElseThrow();
    long next = Math.max(request.runStartMillis(), Math.max(afterLast, lastEnd));
    if (next >= Times.END_MILLIS) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a version for %s would be %s, which is not before the year 10000"
              .formatted(request.intervals(), next));
    }
    return next;
  }

  private static void check(VersionRequest request) {
    if (request.dataSource() == null || request.intervals() == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a version request must have dataSource, intervals and runStartMillis");
    }
    if (request.intervals().isEmpty() || request.intervals().stream().anyMatch(Interval::isEmpty)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a version request must name at least one interval, and none may be empty; got "
              + request.intervals());
    }
    if (request.runStartMillis() < Times.MIN_MILLIS
        || request.runStartMillis() >= Times.END_MILLIS) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "runStartMillis must be between the years 1970 and 9999, got "
              + request.runStartMillis());
    }
  }
}
