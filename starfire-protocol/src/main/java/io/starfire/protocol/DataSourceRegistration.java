package io.starfire.protocol;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;

/**
 * {@code POST /starfire/v1/datasources}: registers a data source that a stream driver or a batch
 * run writes.
 *
 * @param schema its columns
 * @param topic the topic from which the real-time node reads its rows; null if only batch runs
 *     write it
 */
public record DataSourceRegistration(DataSourceSchema schema, String topic) {
  /**
   * Checks that published segments have the same buckets as the rows of the topic.
   *
   * @throws StarfireException with CONFLICT if they have not
   */
  public void requireSameBuckets(DataSourceSchema published) {
    if (topic != null && schema.segmentGranularity() != published.segmentGranularity()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' has real-time data in segments of one %s, so what is published cannot have segments of one %s; give it the same segmentGranularity, or publish it under another name"
              .formatted(
                  schema.name(),
                  schema.segmentGranularity().jsonName(),
                  published.segmentGranularity().jsonName()));
    }
  }
}
