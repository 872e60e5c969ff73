package io.starfire.protocol;

/**
 * The version handed out: strictly above every one before it, and above each real-time version of
 * the intervals.
 *
 * @param version ISO-8601 with milliseconds in UTC
 */
public record VersionResponse(String version) {}
