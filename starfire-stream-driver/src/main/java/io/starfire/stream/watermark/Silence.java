package io.starfire.stream.watermark;

/**
 * A time during which all raw partitions are idle. A silence that lasts longer than the grace moves
 * the watermark. For example, with a grace of an hour, a silence of 70 minutes has moved it by 10
 * minutes. Immutable.
 *
 * @param watermark the watermark when the silence began; {@link Mark#UNKNOWN} if there is no
 *     silence
 * @param sinceMillis the clock time at which the last record of any partition was read
 */
public record Silence(long watermark, long sinceMillis) {
  /** No silence. */
  public static final Silence NONE = new Silence(Mark.UNKNOWN, Long.MIN_VALUE);

  boolean isSet() {
    return watermark != Mark.UNKNOWN;
  }

  /** The watermark at a clock time. */
  long watermarkAt(long millis, long graceMillis) {
    return watermark + Math.max(0, millis - sinceMillis - graceMillis);
  }
}
