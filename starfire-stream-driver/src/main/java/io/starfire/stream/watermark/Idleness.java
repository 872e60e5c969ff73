package io.starfire.stream.watermark;

/**
 * Whether a raw partition is idle. Immutable.
 *
 * @param asOfMillis clock time as of which the partition had nothing left to read; what came to it
 *     later has not been read
 * @param quietSinceMillis clock time at or after which its last record was read; it is kept over
 *     restarts
 */
public record Idleness(long asOfMillis, long quietSinceMillis) {
  /** Not idle. */
  public static final Idleness ACTIVE = new Idleness(Long.MIN_VALUE, Long.MIN_VALUE);

  public boolean isIdle() {
    return asOfMillis != ACTIVE.asOfMillis;
  }
}
