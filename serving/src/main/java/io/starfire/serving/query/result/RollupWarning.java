package io.starfire.serving.query.result;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.IndexedRows;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.SearchQuery;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds queries that cut what was rolled up. Rows of a data source with queryGranularity hour stand
 * at the start of their hour. A day of Asia/Kolkata begins at 18:30 UTC: what happened between
 * 18:30 and 19:00 counts for the day before. That cannot be mended when a query is answered, but it
 * can be said. Stateless.
 */
public final class RollupWarning {
  /** Boundaries that are looked at; of a zone whose offset changes, years of days. */
  private static final int MAX_BOUNDARIES = 10_000;

  private RollupWarning() {}

  /** A sentence that names the first boundary of the query that cuts a bucket of the rollup. */
  public static Optional<String> of(Query query, Collection<RowSource> sources) {
    for (RowSource source : sources) {
      if (source.rows() instanceof IndexedRows rows && rows.rowCount() > 0) {
        DataSourceSchema schema = rows.schema();
        for (Interval interval : query.intervals()) {
          Optional<String> found =
              find(query, interval, schema.queryGranularity(), rows.timeRange());
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> find(
      Query query, Interval interval, Granularity stored, Interval rows) {
    if (stored == Granularity.NONE || stored == Granularity.ALL) {
      return Optional.empty();
    }
    // Rows stand at the start of their bucket, and happened anywhere in it.
    Interval span = stored.align(rows);
    for (long end : List.of(interval.startMillis(), interval.endMillis())) {
      if (cuts(end, stored, span)) {
        return Optional.of(sentence("the end " + Times.format(end) + " of an interval", stored));
      }
    }
    QueryGranularity granularity = granularity(query);
    Interval part = interval.intersect(span);
    if (granularity == null || granularity.isAll() || granularity.isNone() || part.isEmpty()) {
      return Optional.empty();
    }
    long boundary = granularity.bucketStart(part.startMillis());
    for (int i = 0; i < MAX_BOUNDARIES && boundary < part.endMillis(); i++) {
      if (interval.contains(boundary) && cuts(boundary, stored, span)) {
        return Optional.of(
            sentence(
                "the boundary " + Times.format(boundary, granularity.zone()) + " of two buckets",
                stored));
      }
      boundary = granularity.bucketEnd(boundary);
    }
    return Optional.empty();
  }

  private static boolean cuts(long boundary, Granularity stored, Interval span) {
    return span.contains(boundary) && stored.bucketStart(boundary) != boundary;
  }

  private static String sentence(String what, Granularity stored) {
    return "%s lies within a bucket of queryGranularity %s, by which the rows were rolled up: all events of that %s count in the bucket in which it begins; a finer queryGranularity of the data source gives exact buckets"
        .formatted(what, stored.jsonName(), stored.jsonName());
  }

  private static @Nullable QueryGranularity granularity(Query query) {
    if (query instanceof AggregateQuery aggregate) {
      return aggregate.granularity();
    }
    return query instanceof SearchQuery search ? search.granularity() : null;
  }
}
