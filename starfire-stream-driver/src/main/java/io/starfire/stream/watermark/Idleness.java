package io.starfire.stream.watermark;

/**
 * Whether a raw partition is idle: everything in it is read, and no new record comes. Immutable.
 *
 * @param asOfMillis the clock time at which everything in the partition was read; records that came
 *     later are not read yet
 * @param quietSinceMillis the clock time at which its last record was read, or a little later; it
 *     is kept over restarts
 */
public record Idleness(long asOfMillis, long quietSinceMillis) {
  /** Not idle. */
  public static final Idleness ACTIVE = new Idleness(Long.MIN_VALUE, Long.MIN_VALUE);

  public boolean isIdle() {
    return asOfMillis != ACTIVE.asOfMillis;
  }
}
