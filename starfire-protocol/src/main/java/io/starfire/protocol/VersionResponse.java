package io.starfire.protocol;

/**
 * The version of a batch run. It is above every earlier version of its data sources, and above each
 * real-time version of the intervals.
 *
 * @param version ISO-8601 with milliseconds in UTC
 */
public record VersionResponse(String version) {}
