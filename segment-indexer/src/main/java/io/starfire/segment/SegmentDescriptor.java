package io.starfire.segment;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * What the metadata store and the batch driver say of a stored segment.
 *
 * @param id identity
 * @param corePartitions number of partitions of this interval and version that must all be present
 *     before any is visible; 0 for an append-only (real-time) set, which is complete with any one
 * @param tombstone whether it is an empty bucket: hides what lies beneath and has no file
 * @param path where the file is, as a URI or a path relative to the root of deep storage; empty for
 *     a tombstone
 * @param sizeBytes of the file
 * @param rowCount rows stored, after rollup
 * @param eventCount rows before rollup
 */
public record SegmentDescriptor(
    SegmentId id,
    int corePartitions,
    boolean tombstone,
    String path,
    long sizeBytes,
    long rowCount,
    long eventCount) {
  public SegmentDescriptor {
    requireNonNull(id, "id");
    requireNonNull(path, "path");
    if (corePartitions < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "corePartitions must be at or above 0, got " + corePartitions);
    }
    if (tombstone && (rowCount != 0 || !path.isEmpty())) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "tombstone %s must have no rows and no file".formatted(id));
    }
  }
}
