package io.starfire.serving.query.source;

import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.run.NodePiece;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.QueryRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * All rows that one query has to read, of whatever data source, open until they are closed. Used by
 * one thread; what it holds may be scanned by others.
 */
public interface QueryRows extends AutoCloseable {
  /**
   * An open row set.
   *
   * @param source open until the whole is closed
   * @param onFailure makes the exception that says what could not be read
   */
  record Visible(RowSource source, Function<StarfireException, StarfireException> onFailure) {}

  /** The row sets, in the order in which unordered rows come. */
  List<Visible> all();

  /** The columns with their types, {@code __time} first. */
  Map<String, ColumnType> columns();

  /** Those of the columns that a search looks into if it names none. */
  Set<String> dimensions();

  @Override
  void close();

  /**
   * One partial result over all rows.
   *
   * @param alone whether nothing is merged with it: groups that cannot come into the answer may be
   *     left out then
   */
  default Partial scan(AggregateQuery query, boolean alone, QueryRun run) {
    List<NodePiece> pieces = new ArrayList<>();
    for (Visible visible : all()) {
      pieces.add(new NodePiece(visible.source, false, visible.onFailure::apply));
    }
    return ParallelScan.scan(query, pieces, alone, run);
  }

  default List<RowSource> sources() {
    return all().stream().map(Visible::source).toList();
  }

  /** Those that have rows, and of which something shows in the intervals. */
  default List<Visible> showingIn(List<Interval> intervals) {
    return all().stream()
        .filter(visible -> visible.source.rows().rowCount() > 0)
        .filter(
            visible ->
                visible.source.parts().stream()
                    .anyMatch(part -> intervals.stream().anyMatch(part::overlaps)))
        .toList();
  }

  /** Where row sets show that have rows at all, as far as it is asked for. */
  default List<Interval> shownIn(List<Interval> intervals) {
    List<Interval> shown = new ArrayList<>();
    for (Visible visible : showingIn(intervals)) {
      for (Interval part : visible.source.parts()) {
        Interval shows = part.intersect(visible.source.interval());
        if (!shows.isEmpty()) {
          shown.add(shows);
        }
      }
    }
    return shown.isEmpty() ? shown : QueryEngine.clip(intervals, QueryChecks.condense(shown));
  }

  /** The exception that says what could not be read, for one of the {@link #sources}. */
  default StarfireException failed(RowSource source, StarfireException e) {
    for (Visible visible : all()) {
      if (visible.source.equals(source)) {
        return visible.onFailure.apply(e);
      }
    }
    return e;
  }

  /** One of the row sets alone. It is closed with the whole. */
  default QueryRows only(Visible visible) {
    return new FewRows(List.of(visible), columns(), dimensions(), () -> {});
  }

  /** All columns but the time. */
  static Set<String> withoutTime(Map<String, ColumnType> columns) {
    Set<String> names = new LinkedHashSet<>(columns.keySet());
    names.remove(DataSourceSchema.TIME_COLUMN);
    return names;
  }
}
