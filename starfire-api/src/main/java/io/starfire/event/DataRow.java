package io.starfire.event;

/**
 * One row on its way into a data source, before rollup: an event time, a value for each dimension
 * and an input for each metric of a {@link DataSourceSchema}, in the schema's order. A plain
 * carrier of arrays, which it does not copy; the caller gives them away.
 */
public final class DataRow {
  private final long timeMillis;
  private final Object[] dimensions;
  private final long[] metricBits;
  private final boolean[] metricNulls;

  /**
   * @param timeMillis event time, milliseconds since the epoch
   * @param dimensions each null, a String, a List of nullable Strings (several values), a Long or a
   *     Double, as the schema's type says
   * @param metricBits the long itself, or {@link Double#doubleToRawLongBits}; ignored for COUNT
   * @param metricNulls which inputs are null, or null if none is
   */
  public DataRow(long timeMillis, Object[] dimensions, long[] metricBits, boolean[] metricNulls) {
    this.timeMillis = timeMillis;
    this.dimensions = dimensions;
    this.metricBits = metricBits;
    this.metricNulls = metricNulls;
  }

  public long timeMillis() {
    return timeMillis;
  }

  public int dimensionCount() {
    return dimensions.length;
  }

  public int metricCount() {
    return metricBits.length;
  }

  /** Null, a String, a List of nullable Strings, a Long or a Double. */
  public Object dimension(int index) {
    return dimensions[index];
  }

  public boolean isMetricNull(int index) {
    return metricNulls != null && metricNulls[index];
  }

  public long longMetric(int index) {
    return metricBits[index];
  }

  public double doubleMetric(int index) {
    return Double.longBitsToDouble(metricBits[index]);
  }
}
