package io.starfire.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Interval;

/**
 * What a directory of files for other programs is of: it lies in the directory itself. Immutable.
 *
 * @param pipeline name of the class that made them
 * @param planFingerprint of its plan
 * @param interval whose results they hold, all of them
 * @param version of the run: that of its publication, or its beginning if it has none. A later one
 *     compares as greater
 * @param publication id of the run's publication; empty if it has none
 * @param run name of the run's directory
 */
record FileSet(
    @JsonProperty("pipeline") String pipeline,
    @JsonProperty("planFingerprint") String planFingerprint,
    @JsonProperty("interval") Interval interval,
    @JsonProperty("version") String version,
    @JsonProperty("publication") String publication,
    @JsonProperty("run") String run) {}
