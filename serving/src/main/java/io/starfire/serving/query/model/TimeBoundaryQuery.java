package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the times of the first and the last row. The answer is empty if no row counts.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param bound which of the two; null means both
 * @param filter which rows count; null means all
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record TimeBoundaryQuery(
    DataSource dataSource,
    List<Interval> intervals,
    @Nullable Bound bound,
    @Nullable Filter filter,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements MetadataQuery {
  /** The end that is asked for. */
  public enum Bound {
    MIN_TIME("minTime"),
    MAX_TIME("maxTime");

    private final String jsonName;

    Bound(String jsonName) {
      this.jsonName = jsonName;
    }

    public String jsonName() {
      return jsonName;
    }
  }

  public TimeBoundaryQuery {
    intervals = QueryChecks.condense(intervals);
  }

  @Override
  public Set<String> requiredColumns() {
    Set<String> columns = new LinkedHashSet<>();
    if (filter != null) {
      filter.collectColumns(columns);
    }
    return columns;
  }
}
