package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Hands out the versions of batch runs. A version is the largest of the run's start, the last
 * version of its data sources plus one millisecond, and the end of the last interval. So the
 * versions of a data source strictly increase in the order in which they are asked for, whatever
 * the clocks say, and each is above every real-time version of its intervals, which is the start of
 * a bucket.
 *
 * <p>An interval that is not over is refused: the stream would go on to fill it below the version.
 * It also keeps versions near the clocks, as does the bound on the run's start. What is over is
 * judged by the coordinator's clock, since the clock of a run may be ahead; the run itself has
 * judged by its own, so that an interval is over by both. Thread-safe.
 */
final class BatchVersions {
  /** How far the clock of a run may be ahead of the coordinator's. */
  private static final Duration MAX_AHEAD = Duration.ofDays(1);

  private final MetadataStore store;
  private final InstantSource clock;

  BatchVersions(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  VersionResponse next(VersionRequest request) {
    long nowMillis = clock.millis();
    check(request, nowMillis);
    long version =
        store.write(
            transaction -> {
              request.dataSources().forEach(name -> DataSources.require(transaction, name));
              long next = next(transaction, request);
              transaction.versions().add(next, request, nowMillis);
              return next;
            });
    return new VersionResponse(Times.format(version));
  }

  private static long next(MetadataTransaction transaction, VersionRequest request) {
    long next = Math.max(request.runStartMillis(), lastEnd(request));
    for (String dataSource : request.dataSources()) {
      next = Math.max(next, transaction.versions().last(dataSource).orElse(-1) + 1);
    }
    return next;
  }

  private static long lastEnd(VersionRequest request) {
    return request.intervals().stream().mapToLong(Interval::endMillis).max().orElseThrow();
  }

  private static void check(VersionRequest request, long nowMillis) {
    if (request.dataSources().isEmpty()
        || request.dataSources().stream().distinct().count() < request.dataSources().size()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a version request must name at least one data source, and each once; got "
              + request.dataSources());
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
    if (request.runStartMillis() - nowMillis > MAX_AHEAD.toMillis()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the clock of the run says %s and that of the coordinator %s; a run may be at most %d hours ahead, so set the clock that is wrong"
              .formatted(
                  Times.format(request.runStartMillis()),
                  Times.format(nowMillis),
                  MAX_AHEAD.toHours()));
    }
    for (Interval interval : request.intervals()) {
      if (interval.endMillis() > nowMillis) {
        throw new StarfireException(
            ErrorCode.INCOMPLETE_INPUT,
            "the interval %s is not over: by the clock of the coordinator it is %s (by that of the run, %s), so rows that arrive later would be hidden; run over the part that is over, and later over the rest"
                .formatted(
                    interval, Times.format(nowMillis), Times.format(request.runStartMillis())));
      }
    }
  }
}
