package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Set;

/**
 * Asks for the time of the newest row of a data source, including live rows. It is the stored time,
 * which is cut to the data source's query granularity. The answer is empty if there is no row.
 *
 * @param dataSource where rows are taken from
 * @param context settings of the query
 */
public record DataSourceMetadataQuery(DataSource dataSource, QueryContext context)
    implements MetadataQuery {
  public DataSourceMetadataQuery {
    QueryChecks.checkTables("dataSourceMetadata", dataSource);
  }

  @Override
  public List<Interval> intervals() {
    return List.of(Interval.ETERNITY);
  }

  @Override
  public Set<String> requiredColumns() {
    return Set.of();
  }
}
