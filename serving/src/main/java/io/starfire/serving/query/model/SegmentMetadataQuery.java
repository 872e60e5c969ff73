package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks what segments hold. It describes every segment, and every piece of live rows, that is
 * visible at least in part in the intervals; without intervals, all of them. As in Druid, each is
 * described as a whole, including rows outside the intervals.
 *
 * @param dataSource where rows are taken from
 * @param intervals a segment or piece is described if it overlaps one of them
 * @param columns the columns that are described; null means all
 * @param merge whether all descriptions are merged into one
 * @param analyses what is computed
 * @param aggregatorMerge how aggregators of segments are merged if they differ
 * @param context settings of the query
 */
public record SegmentMetadataQuery(
    DataSource dataSource,
    List<Interval> intervals,
    @Nullable Set<String> columns,
    boolean merge,
    Set<Analysis> analyses,
    AggregatorMerge aggregatorMerge,
    QueryContext context)
    implements MetadataQuery {
  /** The analyses of a query that names none, as in Druid. */
  public static final Set<Analysis> DEFAULT_ANALYSES =
      Set.of(Analysis.CARDINALITY, Analysis.INTERVAL, Analysis.MINMAX);

  /** One thing that can be computed. */
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
    /** Always null: segments do not store it. */
    TIMESTAMP_SPEC("timestampSpec"),
    QUERY_GRANULARITY("queryGranularity"),
    /** How metrics can be queried: a count as the sum of its column. */
    AGGREGATORS("aggregators"),
    ROLLUP("rollup"),
    /** Always null: segments have none. */
    PROJECTIONS("projections");

    private final String jsonName;

    Analysis(String jsonName) {
      this.jsonName = jsonName;
    }

    /** The analysis with a name, in upper or lower case. */
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

  /** How aggregators are merged. */
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
    QueryChecks.checkTables("segmentMetadata", dataSource);
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
