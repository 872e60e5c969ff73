package io.starfire.serving.timeline;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;

/**
 * What is added to a timeline by {@link VersionedIntervalTimeline#addAll}.
 *
 * @param interval not empty
 * @param version compared as a string
 * @param chunk one partition of it
 */
public record TimelineAddition<T>(Interval interval, String version, PartitionChunk<T> chunk) {
  public TimelineAddition {
    requireNonNull(interval, "interval");
    requireNonNull(version, "version");
    requireNonNull(chunk, "chunk");
  }
}
