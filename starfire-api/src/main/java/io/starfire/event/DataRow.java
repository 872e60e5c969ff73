package io.starfire.event;

import java.nio.charset.StandardCharsets;

/**
 * One row of a data source before rollup: an event time, a value for each dimension and an input
 * for each metric of a {@link DataSourceSchema}, in the schema's order.
 *
 * <p>A text may stay as it came: as UTF-8 in the bytes of its record. {@link #dimension} makes a
 * String of it each time; an index, which needs none, asks for the bytes.
 *
 * <p>Holds the arrays that it is given, and does not copy them; the caller must not change them
 * afterwards. Thread-safe as long as nobody does.
 */
public final class DataRow {
  private final long timeMillis;
  private final Object[] dimensions;
  private final long[] metricBits;
  private final boolean[] metricNulls;
  private final Object[] sketchInputs;

  /** What texts lie in; null if none does. */
  private final byte[] utf8;

  /** For each dimension where its text lies in {@link #utf8}, or 0 if it does not. */
  private final long[] places;

  /**
   * A row.
   *
   * @param timeMillis event time, in milliseconds since the epoch
   * @param dimensions each null, or what the column's type asks for: a String or a List of nullable
   *     Strings (several values), a Long, or a Double
   * @param metricBits a long as it is, a double as its {@link Double#doubleToRawLongBits}; ignored
   *     for COUNT
   * @param metricNulls true for each input that is null; null if no input is
   * @throws IllegalArgumentException if there are not as many nulls as inputs: an index that
   *     noticed it halfway would hold a part of the row
   */
  public DataRow(long timeMillis, Object[] dimensions, long[] metricBits, boolean[] metricNulls) {
    this(timeMillis, dimensions, null, null, metricBits, metricNulls, null);
  }

  /** A row with texts that lie in an array as UTF-8, of a schema without sketches. */
  public DataRow(
      long timeMillis,
      Object[] dimensions,
      byte[] utf8,
      long[] places,
      long[] metricBits,
      boolean[] metricNulls) {
    this(timeMillis, dimensions, utf8, places, metricBits, metricNulls, null);
  }

  /**
   * A row of a schema with sketches.
   *
   * @param metricBits as above; ignored for sketches
   * @param sketchInputs for each metric that is a sketch: null, a String, a List of nullable
   *     Strings, a Long, a Double, or the bytes of a sketch; null if no metric is a sketch
   */
  public DataRow(
      long timeMillis,
      Object[] dimensions,
      long[] metricBits,
      boolean[] metricNulls,
      Object[] sketchInputs) {
    this(timeMillis, dimensions, null, null, metricBits, metricNulls, sketchInputs);
  }

  /**
   * A row of any schema, with texts that lie in an array as UTF-8.
   *
   * @param dimensions the others, as in the other constructors
   * @param utf8 what the texts lie in; they must be valid
   * @param places for each dimension {@link #place}, or 0 if {@code dimensions} has its value
   */
  public DataRow(
      long timeMillis,
      Object[] dimensions,
      byte[] utf8,
      long[] places,
      long[] metricBits,
      boolean[] metricNulls,
      Object[] sketchInputs) {
    if (places != null && places.length != dimensions.length) {
      throw new IllegalArgumentException(
          "a row of %d dimensions must say of each where its text lies, got %d"
              .formatted(dimensions.length, places.length));
    }
    if (metricNulls != null && metricNulls.length != metricBits.length) {
      throw new IllegalArgumentException(
          "a row of %d metric inputs must say of each whether it is null, got %d"
              .formatted(metricBits.length, metricNulls.length));
    }
    this.timeMillis = timeMillis;
    this.dimensions = dimensions;
    this.metricBits = metricBits;
    this.metricNulls = metricNulls;
    this.sketchInputs = sketchInputs;
    this.utf8 = utf8;
    this.places = places;
  }

  /**
   * Where a text lies.
   *
   * @param from its first byte
   * @param to its end, exclusive; not 0
   */
  public static long place(int from, int to) {
    return (long) from << 32 | to;
  }

  /** Event time, in milliseconds since the epoch. */
  public long timeMillis() {
    return timeMillis;
  }

  public int dimensionCount() {
    return dimensions.length;
  }

  public int metricCount() {
    return metricBits.length;
  }

  /** The value of a dimension: null, a String, a List of nullable Strings, a Long or a Double. */
  public Object dimension(int index) {
    return isUtf8(index)
        ? new String(utf8, utf8From(index), utf8To(index) - utf8From(index), StandardCharsets.UTF_8)
        : dimensions[index];
  }

  /** Whether the value of a dimension is a text that lies in {@link #utf8}. */
  public boolean isUtf8(int dimension) {
    return places != null && places[dimension] != 0;
  }

  /** The bytes in which texts lie; null if there are none. Not to be changed. */
  public byte[] utf8() {
    return utf8;
  }

  /** Where the text of a dimension begins. */
  public int utf8From(int dimension) {
    return (int) (places[dimension] >>> 32);
  }

  /** Where the text of a dimension ends, exclusive. */
  public int utf8To(int dimension) {
    return (int) places[dimension];
  }

  public boolean isMetricNull(int index) {
    return metricNulls != null && metricNulls[index];
  }

  /** The input of a metric that is a sketch; null if there is none. */
  public Object sketchInput(int index) {
    return sketchInputs == null ? null : sketchInputs[index];
  }

  /** The input of a LONG metric; meaningless if it is null. */
  public long longMetric(int index) {
    return metricBits[index];
  }

  /** The input of a DOUBLE metric; meaningless if it is null. */
  public double doubleMetric(int index) {
    return Double.longBitsToDouble(metricBits[index]);
  }
}
