package io.starfire.protocol;

import io.starfire.segment.SegmentDescriptor;
import java.util.List;

/**
 * The answer to a {@link RealtimeCommit}.
 *
 * @param committed whether it was applied; false if its start was not the committed offset
 * @param committedOffset the partition's committed offset after the call
 * @param segments the committed segments, with their partition numbers; empty if not committed
 * @param viewNumber number of the first view that shows the segments; 0 if not committed
 */
public record CommitOutcome(
    boolean committed, long committedOffset, List<SegmentDescriptor> segments, long viewNumber) {}
