package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.Partial;
import io.starfire.serving.query.filter.TextPredicate;
import io.starfire.serving.query.filter.TextPredicates;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.ValueOrder;
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
   * @param part on whose account {@code merged} is, and what is made of it here
   */
  public void add(GroupByQuery counts, Partial merged, QueryControl part) {
    GroupDimension dimension = counts.dimensions().get(0);
    TextPredicate matches = TextPredicates.of(query.match(), dimension.column(), control);
    for (ResultRow row : ResultBuilder.finish(counts, merged, part).rows()) {
      String value = (String) row.values().get(0);
      if (value != null && matches.test(value)) {
        offer(
            buckets.computeIfAbsent(
                row.timeMillis(), unused -> new PriorityQueue<>(firstFirst.reversed())),
            new Hit(dimension.outputName(), value, (Long) row.values().get(1)));
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
