package io.starfire.segment.format;

/**
 * How a segment file is written.
 *
 * @param bitmapIndex whether string columns get bitmaps
 * @param durable whether the file and its name are forced to the disk before it counts as written
 */
public record WriteOptions(boolean bitmapIndex, boolean durable) {
  /** What is queried and must survive: a segment, or a persisted piece of a real-time node. */
  public static final WriteOptions SEGMENT = new WriteOptions(true, true);

  /** What is only merged again by the same process, and lost with it: a spilled piece. */
  public static final WriteOptions SPILL = new WriteOptions(false, false);
}
