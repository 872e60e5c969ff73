package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What segments hold: every segment, and every piece of live rows, of which something shows in the
 * intervals, described as a whole, rows outside the intervals included, as in Druid. Without
 * intervals, all of them.
 *
 * @param dataSource name
 * @param intervals that what is described overlaps
 * @param columns that are described; null for all
 * @param merge whether all are put together into one description
 * @param analyses what is worked out
 * @param aggregatorMerge what becomes of the aggregators of segments that differ
 * @param context settings that do not change what is asked
 */
public record SegmentMetadataQuery(
    String dataSource,
    List<Interval> intervals,
    Set<String> columns,
    boolean merge,
    Set<Analysis> analyses,
    AggregatorMerge aggregatorMerge,
    QueryContext context)
    implements MetadataQuery {
  /** What Druid works out if a query does not say. */
  public static final Set<Analysis> DEFAULT_ANALYSES =
      Set.of(Analysis.CARDINALITY, Analysis.INTERVAL, Analysis.MINMAX);

  /** One thing that can be worked out. */
  public enum Analysis {
    /**
     * The number of distinct values of a string column, null included; merged, the largest of any
     * segment.
     */
    CARDINALITY("cardinality"),
    /**
     * The bytes that the values would take as text, by Druid's reckoning: 10 for a time, 8 for a
     * number, the UTF-8 bytes of a string.
     */
    SIZE("size"),
    INTERVAL("interval"),
    /** The smallest and largest value of a string column, null left out. */
    MINMAX("minmax"),
    /** Not kept in segments: null, as in Druid when it is not known. */
    TIMESTAMP_SPEC("timestampSpec"),
    QUERY_GRANULARITY("queryGranularity"),
    /** How metrics can be queried: a count as the sum of its column. */
    AGGREGATORS("aggregators"),
    ROLLUP("rollup"),
    /** There are none: null. */
    PROJECTIONS("projections");

    private final String jsonName;

    Analysis(String jsonName) {
      this.jsonName = jsonName;
    }

    /** The analysis with that name, in any case. */
    public static Analysis named(String name, String path) {
      for (Analysis analysis : values()) {
        if (analysis.jsonName.equalsIgnoreCase(name)) {
          return analysis;
        }
      }
      throw QueryChecks.invalid(
          "%s '%s' is not known; use %s",
          path,
          name,
          Arrays.stream(values())
              .map(analysis -> analysis.jsonName)
              .collect(Collectors.joining(", ")));
    }
  }

  /** What becomes of aggregators when descriptions are merged. */
  public enum AggregatorMerge {
    /** All or none: null if any two segments differ, or one has none. */
    STRICT,
    /** One by one: an aggregator that two segments have differently is null. */
    LENIENT,
    /** One by one: that of the segment whose interval is first. */
    EARLIEST,
    /** One by one: that of the segment whose interval is last. */
    LATEST;

    public static AggregatorMerge named(String name) {
      for (AggregatorMerge merge : values()) {
        if (merge.name().equalsIgnoreCase(name)) {
          return merge;
        }
      }
      throw QueryChecks.invalid(
          "aggregatorMergeStrategy '%s' is not known; use one of %s",
          name, Arrays.toString(values()).toLowerCase(Locale.ROOT));
    }
  }

  public SegmentMetadataQuery {
    QueryChecks.checkDataSource(dataSource);
    intervals = QueryChecks.condense(intervals);
    columns = columns == null ? null : Set.copyOf(columns);
    analyses = analyses.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(analyses));
  }

  public boolean asks(Analysis analysis) {
    return analyses.contains(analysis);
  }

  public boolean describes(String column) {
    return columns == null || columns.contains(column);
  }

  @Override
  public Set<String> requiredColumns() {
    return columns == null ? Set.of() : columns;
  }
}
