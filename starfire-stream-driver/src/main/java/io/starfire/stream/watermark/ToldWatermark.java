package io.starfire.stream.watermark;

/**
 * What a task that reads a raw partition may tell of its watermark: as far as it was reached at a
 * time. Not thread-safe.
 */
public final class ToldWatermark {
  private final WatermarkHistory history = new WatermarkHistory();

  /**
   * A watermark that may be told.
   *
   * @param knownAtMillis when it was reached; 0 if it is {@link Mark#UNKNOWN}
   */
  public record Told(long watermark, long knownAtMillis) {}

  /** Notes the watermark and when it was reached. */
  public void reached(long watermark, long knownAtMillis) {
    history.add(knownAtMillis, watermark);
  }

  /** What was reached at a time, inclusive. */
  public Told asOf(long millis) {
    long watermark = history.asKnownAt(millis);
    return new Told(watermark, watermark == Mark.UNKNOWN ? 0 : history.knownAt(millis));
  }
}
