package io.starfire.serving.broker;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a staged publication would change.
 *
 * @param publication id of the publication
 * @param viewNumber number of the view that it is compared with
 * @param dataSources the changes in each data source, sorted by name
 */
public record Preview(String publication, long viewNumber, List<OfDataSource> dataSources) {
  /**
   * What the publication would change in one data source, bucket by bucket.
   *
   * @param dataSource its name
   * @param granularity of the buckets: the segment granularity of the data source
   * @param buckets in order of time
   * @param total over all buckets
   */
  public record OfDataSource(
      String dataSource, Granularity granularity, List<Bucket> buckets, Values total) {}

  /** One bucket of time. */
  public record Bucket(Interval interval, Values values) {}

  /**
   * The values that are compared.
   *
   * @param rows number of rows, after rollup
   * @param metrics by name, in the order of the schema: the sum, minimum or maximum, as the metric
   *     is rolled up
   */
  public record Values(Change rows, Map<String, Change> metrics) {}

  /**
   * One number in the two views. Numbers are Long or Double.
   *
   * @param now in the current view; null if there are no rows
   * @param staged with the publication; null if there are no rows
   * @param difference {@code staged} minus {@code now}; null for a minimum or maximum that only one
   *     of them has
   */
  public record Change(
      @Nullable Number now, @Nullable Number staged, @Nullable Number difference) {}
}
