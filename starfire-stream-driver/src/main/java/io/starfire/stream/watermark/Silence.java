package io.starfire.stream.watermark;

/**
 * A time during which all raw partitions were idle. When it has lasted longer than the grace, it
 * moves the watermark on by the time that passes beyond. Immutable.
 *
 * @param watermark at the start of it; {@link Mark#UNKNOWN} if there is none
 * @param sinceMillis clock time at which the last record of any partition was read
 */
public record Silence(long watermark, long sinceMillis) {
  /** There has been none. */
  public static final Silence NONE = new Silence(Mark.UNKNOWN, Long.MIN_VALUE);

  boolean isSet() {
    return watermark != Mark.UNKNOWN;
  }

  /** Where it has moved the watermark by a time. */
  long watermarkAt(long millis, long graceMillis) {
    return watermark + Math.max(0, millis - sinceMillis - graceMillis);
  }
}
