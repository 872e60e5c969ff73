package io.starfire.serving.query.result;

import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.DictionaryWalk;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.ValueOrder;
import io.starfire.serving.query.partial.Dictionary;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.text.Searches;
import io.starfire.serving.query.text.TextPredicate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Collects what a search found, dimension by dimension. Of each time bucket it keeps the first
 * values up to the limit: those of the first dimension in the order of their UTF-8 bytes, then
 * those of the second, as Druid does. Only these are put into the order that is asked for. Used by
 * one thread.
 */
public final class SearchHits {
  private static final int GROUPS_BETWEEN_CHECKS = 1024;

  private final SearchQuery query;
  private final QueryControl control;
  private final Comparator<Hit> shownFirst;
  private final Map<Long, PriorityQueue<Hit>> buckets = new TreeMap<>();

  /** How many dimensions were added. */
  private int added;

  /**
   * @param number of its dimension, in the order in which they are searched
   */
  private record Hit(int number, String dimension, String value, long count) {
    private static final Comparator<Hit> FOUND_FIRST =
        Comparator.comparingInt(Hit::number)
            .thenComparing(Hit::value, ValueOrder.LEXICOGRAPHIC::compare);
  }

  public SearchHits(SearchQuery query, QueryControl control) {
    this.query = query;
    this.control = control;
    this.shownFirst =
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
                merged.timeMillis(group),
                unused -> new PriorityQueue<>(Hit.FOUND_FIRST.reversed())),
            new Hit(added, dimension.outputName(), value, numbers.longAt(group)));
      }
    }
    added++;
  }

  /**
   * Adds what a walk through sorted dictionaries finds, which ends at the limit: how many rows have
   * a value is known without reading them. That is so if all rows of segments count.
   *
   * @param counts one of the query's {@link SearchQuery#counts}
   * @return false if rows have to be looked at; nothing was added then
   */
  public boolean walk(GroupByQuery counts, List<RowSource> sources, QueryControl part) {
    GroupDimension dimension = counts.dimensions().get(0);
    boolean allCount = query.granularity().isAll() && query.filter() == null;
    if (!allCount || query.virtualColumns().named(dimension.column()) != null) {
      return false;
    }
    DictionaryWalk walk = DictionaryWalk.over(dimension.column(), query.intervals(), sources);
    if (walk == null) {
      return false;
    }
    TextPredicate matches =
        Searches.of(query.match(), "search on '" + dimension.column() + "'", part);
    long time = query.intervals().get(0).startMillis();
    int wanted = query.limit() - buckets.values().stream().mapToInt(Collection::size).sum();
    List<Hit> found = new ArrayList<>();
    for (int value = 0; found.size() < wanted && walk.next(); value++) {
      if (value % GROUPS_BETWEEN_CHECKS == 0) {
        part.check();
      }
      if (matches.test(walk.value())) {
        found.add(new Hit(added, dimension.outputName(), walk.value(), walk.rows()));
      }
    }
    if (!found.isEmpty()) {
      PriorityQueue<Hit> bucket =
          buckets.computeIfAbsent(time, unused -> new PriorityQueue<>(Hit.FOUND_FIRST.reversed()));
      found.forEach(hit -> offer(bucket, hit));
    }
    added++;
    return true;
  }

  /** Whether no further dimension can bring anything. */
  public boolean isFull() {
    return query.granularity().isAll()
        && buckets.values().stream().anyMatch(hits -> hits.size() == query.limit());
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
                .sorted(shownFirst)
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
