package io.starfire.serving.broker;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.TopNQuery;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a whole answer: the query, without those of its settings that only say how it
 * is run; the segments that it reads, with their versions, and the parts of them that show; the
 * schema, which says what the columns are; the lookups that there are. Immutable.
 */
final class AnswerKey {
  /** Settings of the context that do not change an answer. */
  private static final Set<String> HOW =
      Set.of(
          "queryId",
          "sqlQueryId",
          "timeout",
          "priority",
          "lane",
          "useCache",
          "populateCache",
          "starfireView",
          "starfirePublication");

  private final List<@Nullable Object> query;
  private final Map<String, List<Interval>> segments;
  private final DataSourceSchema schema;
  private final long lookups;
  private final int hash;

  private AnswerKey(
      List<@Nullable Object> query,
      Map<String, List<Interval>> segments,
      DataSourceSchema schema,
      long lookups) {
    this.query = query;
    this.segments = segments;
    this.schema = schema;
    this.lookups = lookups;
    this.hash = Arrays.asList(query, segments, schema, lookups).hashCode();
  }

  /**
   * Null for a query whose answers are not kept: those of scans are not whole, those about metadata
   * cost nothing.
   *
   * @param segments the parts in which each shows, by id
   * @param lookups the number of their state
   */
  static @Nullable AnswerKey of(
      Query query, Map<String, List<Interval>> segments, DataSourceSchema schema, long lookups) {
    List<@Nullable Object> content = content(query);
    return content == null ? null : new AnswerKey(content, segments, schema, lookups);
  }

  private static @Nullable List<@Nullable Object> content(Query query) {
    Object own;
    if (query instanceof TimeseriesQuery timeseries) {
      own = List.of("timeseries", timeseries.descending(), timeseries.limit());
    } else if (query instanceof TopNQuery topN) {
      own = List.of("topN", topN.metric(), topN.threshold());
    } else if (query instanceof GroupByQuery groupBy) {
      own = Arrays.asList("groupBy", groupBy.having(), groupBy.limitSpec(), groupBy.subtotals());
    } else if (query instanceof SearchQuery search) {
      return Arrays.asList(
          "search",
          search.granularity(),
          search.dimensions(),
          search.match(),
          search.order(),
          search.limit(),
          search.filter(),
          query.dataSource(),
          query.intervals(),
          query.virtualColumns(),
          settings(query.context()));
    } else {
      return null;
    }
    AggregateQuery aggregate = (AggregateQuery) query;
    return Arrays.asList(
        own,
        aggregate.granularity(),
        aggregate.dimensions(),
        aggregate.filter(),
        aggregate.aggregations(),
        aggregate.postAggregations(),
        query.dataSource(),
        query.intervals(),
        query.virtualColumns(),
        settings(query.context()));
  }

  private static Map<String, Object> settings(QueryContext context) {
    Map<String, Object> settings = new LinkedHashMap<>(context.values());
    settings.keySet().removeAll(HOW);
    return settings;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof AnswerKey key
            && hash == key.hash
            && lookups == key.lookups
            && query.equals(key.query)
            && segments.equals(key.segments)
            && schema.equals(key.schema));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
