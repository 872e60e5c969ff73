package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a spec says about resources; what is empty is left to the process. Immutable.
 *
 * @param maxRowsInMemory rows at which those in memory are written out
 * @param maxBytesInMemory heap at which they are
 * @param persistPeriod age at which they are
 * @param maxRowsPerSegment rows of one segment
 * @param maxTotalRows rows at which segments are handed off
 * @param handOffPeriod age at which they are
 * @param maxParseExceptions records that are no rows beyond which a batch run gives up
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
