package io.starfire.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * A range of offsets of one partition. Immutable. A range that is not valid is CORRUPT.
 *
 * @param start inclusive; at least 0
 * @param end exclusive; at least {@code start}
 */
public record OffsetRange(@JsonProperty("start") long start, @JsonProperty("end") long end) {
  public OffsetRange {
    if (start < 0 || end < start) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "a range of offsets must begin at 0 or above and end at its beginning or above, got %d to %d"
              .formatted(start, end));
    }
  }

  /** Such as {@code offsets 3 to 7}, both inclusive; {@code no offset from 3 on} if it is empty. */
  @Override
  public String toString() {
    return end == start
        ? "no offset from %d on".formatted(start)
        : "offsets %d to %d".formatted(start, end - 1);
  }
}
