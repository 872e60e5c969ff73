package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Set;

/**
 * The time of the newest row of a data source, live rows included. As it is stored, which is cut to
 * the data source's query granularity. Nothing if there is no row.
 *
 * @param dataSource name
 * @param context settings that do not change what is asked
 */
public record DataSourceMetadataQuery(String dataSource, QueryContext context)
    implements MetadataQuery {
  public DataSourceMetadataQuery {
    QueryChecks.checkDataSource(dataSource);
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
