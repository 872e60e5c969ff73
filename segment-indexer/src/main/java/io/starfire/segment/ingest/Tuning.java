package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The limits of a spec. If one is empty, the setting of the process holds. Immutable.
 *
 * @param maxRowsInMemory rows in memory are persisted when there are so many
 * @param maxBytesInMemory rows in memory are persisted when they use so much heap, in bytes
 * @param persistPeriod rows in memory are persisted when they have this age
 * @param maxRowsPerSegment the largest number of rows of one segment
 * @param maxTotalRows rows are handed off when there are so many
 * @param handOffPeriod rows are handed off when they have this age
 * @param maxParseExceptions a batch run gives up if more records than this are not rows
 */
public record Tuning(
    OptionalInt maxRowsInMemory,
    OptionalLong maxBytesInMemory,
    Optional<Duration> persistPeriod,
    OptionalInt maxRowsPerSegment,
    OptionalLong maxTotalRows,
    Optional<Duration> handOffPeriod,
    OptionalInt maxParseExceptions) {
  public Tuning {
    requireNonNull(maxRowsInMemory, "maxRowsInMemory");
    requireNonNull(maxBytesInMemory, "maxBytesInMemory");
    requireNonNull(persistPeriod, "persistPeriod");
    requireNonNull(maxRowsPerSegment, "maxRowsPerSegment");
    requireNonNull(maxTotalRows, "maxTotalRows");
    requireNonNull(handOffPeriod, "handOffPeriod");
    requireNonNull(maxParseExceptions, "maxParseExceptions");
  }
}
