package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * How much a {@link SegmentBuilder} holds in memory before it spills a sorted piece to the disk.
 *
 * @param maxRows rows after rollup; at least 1
 * @param maxBytes heap by {@link io.starfire.segment.index.IncrementalIndex#estimatedBytes()}; at
 *     least 1. Spilling needs about 24 further bytes a row.
 */
public record SpillLimits(int maxRows, long maxBytes) {
  /** A million rows or 256 MB, whichever comes first. */
  public static final SpillLimits DEFAULT = new SpillLimits(1_000_000, 256L << 20);

  public SpillLimits {
    if (maxRows < 1 || maxBytes < 1) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "spill limits must be at least 1, got %d rows and %d bytes".formatted(maxRows, maxBytes));
    }
  }
}
