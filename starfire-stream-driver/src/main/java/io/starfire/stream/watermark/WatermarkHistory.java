package io.starfire.stream.watermark;

/**
 * The watermarks of one upstream task, each with the time at which it became known. Keeps a bounded
 * number of them, and more of the recent ones. If the one asked for was dropped, the answer is an
 * earlier, lower one, which is safe. Not thread-safe.
 */
final class WatermarkHistory {
  private static final int CAPACITY = 64;

  private final long[] knownAt = new long[CAPACITY];
  private final long[] watermarks = new long[CAPACITY];
  private int size;

  /** Notes a watermark; one that is not higher than the last changes nothing. */
  void add(long knownAtMillis, long watermark) {
    if (watermark <= latest()) {
      return;
    }
    if (size == CAPACITY) {
      thin();
    }
    knownAt[size] = knownAtMillis;
    watermarks[size] = watermark;
    size++;
  }

  long latest() {
    return size == 0 ? Mark.UNKNOWN : watermarks[size - 1];
  }

  /** The highest watermark that was known at a time, inclusive. */
  long asKnownAt(long millis) {
    for (int i = size - 1; i >= 0; i--) {
      if (knownAt[i] <= millis) {
        return watermarks[i];
      }
    }
    return Mark.UNKNOWN;
  }

  /** When the watermark that {@link #asKnownAt} gives became known; 0 if none was. */
  long knownAt(long millis) {
    for (int i = size - 1; i >= 0; i--) {
      if (knownAt[i] <= millis) {
        return knownAt[i];
      }
    }
    return 0;
  }

  private void thin() {
    int kept = 0;
    for (int i = 0; i < size; i += 2) {
      knownAt[kept] = knownAt[i];
      watermarks[kept] = watermarks[i];
      kept++;
    }
    size = kept;
  }
}
