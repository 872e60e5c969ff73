package io.starfire.protocol;

import io.starfire.common.Interval;

/**
 * A real-time segment that is in deep storage and has no partition number yet.
 *
 * @param interval one segment bucket
 * @param path as in {@link io.starfire.segment.SegmentDescriptor#path()}
 * @param sizeBytes size of the file
 * @param rowCount number of rows, after rollup
 * @param eventCount number of events, before rollup
 */
public record PushedSegment(
    Interval interval, String path, long sizeBytes, long rowCount, long eventCount) {}
