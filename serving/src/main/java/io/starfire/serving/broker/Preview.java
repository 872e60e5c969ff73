package io.starfire.serving.broker;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import java.util.List;
import java.util.Map;

/**
 * What a staged publication would change.
 *
 * @param publication its id
 * @param viewNumber of the view that it is compared with
 * @param dataSources in order of their names
 */
public record Preview(String publication, long viewNumber, List<OfDataSource> dataSources) {
  /**
   * What it would change in one data source, bucket by bucket.
   *
   * @param dataSource its name
   * @param granularity of the buckets: that of the data source's segments
   * @param buckets in order of time
   * @param total over all buckets
   */
  public record OfDataSource(
      String dataSource, Granularity granularity, List<Bucket> buckets, Values total) {}

  /** One bucket of time. */
  public record Bucket(Interval interval, Values values) {}

  /**
   * What is compared.
   *
   * @param rows after rollup
   * @param metrics by name, in the order of the schema: sums, minima or maxima, as each is rolled
   *     up
   */
  public record Values(Change rows, Map<String, Change> metrics) {}

  /**
   * One number in the two views. Numbers are Long or Double.
   *
   * @param now in the current view; null if there are no rows
   * @param staged with the publication; null if there are no rows
   * @param difference the second less the first; null for a minimum or maximum that only one has
   */
  public record Change(Number now, Number staged, Number difference) {}
}
