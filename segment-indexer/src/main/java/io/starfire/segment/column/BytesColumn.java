package io.starfire.segment.column;

/** Bytes of any length, such as sketches. They have no order, and nothing is grouped by them. */
public non-sealed interface BytesColumn extends Column {
  /** What the bytes are, as Druid names the complex type, such as {@code HLLSketch}. */
  String typeName();

  boolean hasNulls();

  /**
   * Sets {@code out[i]} to the bytes of row {@code from + i}, or to null. The arrays belong to the
   * column: do not change them.
   */
  void read(int from, int count, byte[][] out);
}
