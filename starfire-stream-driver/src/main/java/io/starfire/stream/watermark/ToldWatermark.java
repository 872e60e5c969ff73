package io.starfire.stream.watermark;

/**
 * The watermark that a task tells the tasks downstream. A task that reads a raw partition may tell
 * the watermark that it had at an earlier time. Not thread-safe.
 */
public final class ToldWatermark {
  private final WatermarkHistory history = new WatermarkHistory();

  /**
   * A watermark, and when it was reached.
   *
   * @param knownAtMillis clock time; 0 if the watermark is {@link Mark#UNKNOWN}
   */
  public record Told(long watermark, long knownAtMillis) {}

  /** Notes a watermark that was reached at a clock time. */
  public void reached(long watermark, long knownAtMillis) {
    history.add(knownAtMillis, watermark);
  }

  /** The watermark that was reached at or before a clock time. */
  public Told asOf(long millis) {
    long watermark = history.asKnownAt(millis);
    return new Told(watermark, watermark == Mark.UNKNOWN ? 0 : history.knownAt(millis));
  }
}
