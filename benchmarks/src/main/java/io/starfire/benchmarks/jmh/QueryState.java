package io.starfire.benchmarks.jmh;

import io.starfire.common.Interval;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

/** A query and the rows that it scans on one thread, to a partial result. Not thread-safe. */
final class QueryState implements AutoCloseable {
  private static final QueryLimits LIMITS = new QueryLimits(2L << 30, Duration.ofMinutes(5));

  private final MeasuredRows rows = MeasuredRows.make();
  private final AggregateQuery query;

  /**
   * @param aggregation as JSON with single quotes
   * @param dimension that groups are made by; empty for none
   * @param filter the same as JSON; empty for none
   */
  QueryState(String aggregation, String dimension, String filter) throws IOException {
    String json =
        """
        {'queryType':'%s','dataSource':'measured','intervals':'2026-01-01/P1D','granularity':'all',
         'aggregations':[%s]%s%s}
        """
            .formatted(
                dimension.isEmpty() ? "timeseries" : "groupBy",
                aggregation,
                dimension.isEmpty() ? "" : ",'dimensions':['%s']".formatted(dimension),
                filter.isEmpty() ? "" : ",'filter':" + filter);
    query =
        (AggregateQuery)
            QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  Partial scan() {
    QueryControl control = QueryControl.start(InstantSource.system(), LIMITS, QueryContext.EMPTY);
    return QueryEngine.scan(query, rows.rows(), Interval.ETERNITY, control);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
