package io.starfire.serving.query.exec;

import java.util.List;

/**
 * What makes a group, by value, so that groups of different row sets meet.
 *
 * @param timeMillis of the bucket
 * @param values of the dimensions: each null, a String, a Long or a Double
 */
public record GroupKey(long timeMillis, List<Object> values) {}
