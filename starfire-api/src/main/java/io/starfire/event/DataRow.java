package io.starfire.event;

/**
 * One row of a data source before rollup: an event time, a value for each dimension and an input
 * for each metric of a {@link DataSourceSchema}, in the schema's order.
 *
 * <p>Holds the arrays that it is given, and does not copy them; the caller must not change them
 * afterwards. Thread-safe as long as nobody does.
 */
public final class DataRow {
  private final long timeMillis;
  private final Object[] dimensions;
  private final long[] metricBits;
  private final boolean[] metricNulls;

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
    if (metricNulls != null && metricNulls.length != metricBits.length) {
      throw new IllegalArgumentException(
          "a row of %d metric inputs must say of each whether it is null, got %d"
              .formatted(metricBits.length, metricNulls.length));
    }
    this.timeMillis = timeMillis;
    this.dimensions = dimensions;
    this.metricBits = metricBits;
    this.metricNulls = metricNulls;
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
    return dimensions[index];
  }

  public boolean isMetricNull(int index) {
    return metricNulls != null && metricNulls[index];
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
