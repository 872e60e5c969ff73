package io.starfire.segment.format;

/**
 * How a segment file is written.
 *
 * @param rowIndex whether string columns get an index: the rows that hold each id
 * @param durable whether the file and its name are forced to the disk before it counts as written
 */
public record WriteOptions(boolean rowIndex, boolean durable) {
  /** For files that are queried and must survive: segments, and pieces of a real-time node. */
  public static final WriteOptions SEGMENT = new WriteOptions(true, true);

  /** For spilled pieces, which only the same process merges; they are lost with it. */
  public static final WriteOptions SPILL = new WriteOptions(false, false);
}
