package io.starfire.protocol;

import io.starfire.common.Interval;
import java.util.List;

/**
 * {@code POST /starfire/v1/versions}: asks for the version of a batch run that starts now.
 *
 * @param dataSources the data sources that the run will write; at least one. All get the same
 *     version.
 * @param intervals the intervals that it will replace; at least one. All must be over by the clock
 *     of the coordinator.
 * @param runStartMillis when the run started, by its own clock, in milliseconds since the epoch
 */
public record VersionRequest(
    List<String> dataSources, List<Interval> intervals, long runStartMillis) {
  public VersionRequest {
    dataSources = dataSources == null ? List.of() : List.copyOf(dataSources);
    intervals = intervals == null ? List.of() : List.copyOf(intervals);
  }

  /** The same for one data source. */
  public VersionRequest(String dataSource, List<Interval> intervals, long runStartMillis) {
    this(List.of(dataSource), intervals, runStartMillis);
  }
}
