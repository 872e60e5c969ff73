package io.starfire.segment.format;

import java.nio.file.Path;

/**
 * A segment file that was written.
 *
 * @param path of the file
 * @param sizeBytes of the file
 * @param rowCount rows in it, after rollup
 * @param eventCount events in it, before rollup
 */
public record WrittenSegment(Path path, long sizeBytes, int rowCount, long eventCount) {}
