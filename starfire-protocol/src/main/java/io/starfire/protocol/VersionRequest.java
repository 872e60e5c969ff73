package io.starfire.protocol;

import io.starfire.common.Interval;
import java.util.List;

/**
 * {@code POST /starfire/v1/versions}: asks for the version of a batch run that starts now.
 *
 * @param dataSources that the run will write, at least one; all get the same version
 * @param intervals that it will replace, at least one; all must be over
 * @param runStartMillis the run's own clock when it started, milliseconds since the epoch
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
