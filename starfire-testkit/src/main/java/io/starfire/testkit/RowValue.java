package io.starfire.testkit;

import io.starfire.event.DataRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A {@link DataRow} as a value that can be compared. Immutable.
 *
 * @param timeMillis event time
 * @param dimensions in the schema's order; may hold nulls
 * @param metricBits the inputs of the metrics as a row holds them; null for a null input. Of the
 *     input of a sketch its hash code, and 0 if there is none
 */
public record RowValue(long timeMillis, List<Object> dimensions, List<Long> metricBits)
    implements Comparable<RowValue> {
  public RowValue {
    dimensions = Collections.unmodifiableList(new ArrayList<>(dimensions));
    metricBits = Collections.unmodifiableList(new ArrayList<>(metricBits));
  }

  public static RowValue of(DataRow row) {
    List<Object> dimensions = new ArrayList<>();
    for (int i = 0; i < row.dimensionCount(); i++) {
      dimensions.add(row.dimension(i));
    }
    List<Long> metrics = new ArrayList<>();
    for (int i = 0; i < row.metricCount(); i++) {
      Object ofSketch = row.sketchInput(i);
      long bits = ofSketch == null ? row.longMetric(i) : ofSketch.hashCode();
      metrics.add(row.isMetricNull(i) ? null : (Long) bits);
    }
    return new RowValue(row.timeMillis(), dimensions, metrics);
  }

  /** By time, then by text; so that differences are printed in a readable order. */
  @Override
  public int compareTo(RowValue other) {
    int byTime = Long.compare(timeMillis, other.timeMillis);
    return byTime != 0 ? byTime : toString().compareTo(other.toString());
  }
}
