package io.starfire.segment;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * Describes a stored segment, in the metadata store and in requests. Immutable.
 *
 * @param id its identity
 * @param corePartitions number of partitions of this interval and version that must all be present
 *     before any is visible; 0 for a real-time set, in which each partition is visible by itself
 * @param tombstone whether it stands for an empty bucket; a tombstone has no file, and hides lower
 *     versions
 * @param path of the file, as a URI or relative to the root of deep storage; empty for a tombstone
 * @param sizeBytes size of the file
 * @param rowCount number of rows, after rollup
 * @param eventCount number of events, before rollup
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
