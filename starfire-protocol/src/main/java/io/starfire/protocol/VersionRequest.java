package io.starfire.protocol;

import io.starfire.common.Interval;
import java.util.List;

/**
 * {@code POST /starfire/v1/versions}: asks for the version of a batch run that starts now.
 *
 * @param dataSource that the run will write
 * @param intervals that it will replace
 * @param runStartMillis the run's own clock when it started, milliseconds since the epoch
 */
public record VersionRequest(String dataSource, List<Interval> intervals, long runStartMillis) {}
