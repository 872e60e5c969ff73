package io.starfire.protocol;

import io.starfire.common.Interval;

/**
 * A real-time segment that is in deep storage and has no partition number yet.
 *
 * @param interval one segment bucket
 * @param path as in {@link io.starfire.segment.SegmentDescriptor#path()}
 * @param sizeBytes of the file
 * @param rowCount rows stored, after rollup
 * @param eventCount rows before rollup
 */
public record PushedSegment(
    Interval interval, String path, long sizeBytes, long rowCount, long eventCount) {}
