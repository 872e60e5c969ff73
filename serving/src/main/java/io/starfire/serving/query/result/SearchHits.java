package io.starfire.serving.query.result;

import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.ValueOrder;
import io.starfire.serving.query.partial.Dictionary;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.text.Searches;
import io.starfire.serving.query.text.TextPredicate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Collects what a search found, dimension by dimension. Holds no more than the limit for each time
 * bucket. Used by one thread.
 */
public final class SearchHits {
  private static final int GROUPS_BETWEEN_CHECKS = 1024;

  private final SearchQuery query;
  private final QueryControl control;
  private final Comparator<Hit> firstFirst;
  private final Map<Long, PriorityQueue<Hit>> buckets = new TreeMap<>();

  private record Hit(String dimension, String value, long count) {}

  public SearchHits(SearchQuery query, QueryControl control) {
    this.query = query;
    this.control = control;
    this.firstFirst =
        Comparator.comparing(Hit::value, query.order()::compare)
            .thenComparing(Hit::dimension, ValueOrder.LEXICOGRAPHIC::compare);
  }

  /**
   * Adds what was counted for a dimension.
   *
   * @param counts one of the query's {@link SearchQuery#counts}
   * @param part on whose account {@code merged} is
   */
  public void add(GroupByQuery counts, Partial merged, QueryControl part) {
    GroupDimension dimension = counts.dimensions().get(0);
    TextPredicate matches =
        Searches.of(query.match(), "search on '" + dimension.column() + "'", part);
    Dictionary values = merged.dictionary(0);
    int[] ids = merged.ids(0);
    AggregateColumn numbers = merged.aggregate(0);
    for (int group = 0; group < merged.groupCount(); group++) {
      if (group % GROUPS_BETWEEN_CHECKS == 0) {
        part.check();
      }
      String value = (String) values.value(ids[group]);
      if (value != null && matches.test(value)) {
        offer(
            buckets.computeIfAbsent(
                merged.timeMillis(group), unused -> new PriorityQueue<>(firstFirst.reversed())),
            new Hit(dimension.outputName(), value, numbers.longAt(group)));
      }
    }
  }

  private void offer(PriorityQueue<Hit> last, Hit hit) {
    if (last.size() < query.limit()) {
      control.reserveForGroups(ResultRow.bytes(3));
    }
    last.add(hit);
    if (last.size() > query.limit()) {
      last.remove();
    }
  }

  /** The answer, once all dimensions were added. */
  public QueryResult answer() {
    List<ResultRow> rows = new ArrayList<>();
    buckets.forEach(
        (time, hits) ->
            hits.stream()
                .sorted(firstFirst)
                .forEach(
                    hit ->
                        rows.add(
                            new ResultRow(time, List.of(hit.dimension, hit.value, hit.count)))));
    return new QueryResult(
        QueryResult.Shape.TOP_N,
        List.of("dimension", "value", "count"),
        rows,
        query.granularity().zone());
  }
}
