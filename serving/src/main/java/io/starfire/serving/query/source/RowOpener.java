package io.starfire.serving.query.source;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.TimeBoundaryQuery;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.run.QueryRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Opens the rows of data sources for one query. Whatever a data source is, its rows are row sets
 * that every type of query reads: those of tables where they are, everything else in this process.
 * Used by one thread.
 */
public final class RowOpener {
  /** As Druid's default of {@code maxSubqueryRows}. */
  private static final int MAX_INNER_ROWS = 100_000;

  private final Query whole;
  private final Tables tables;
  private final QueryRun run;
  private final QueryControl control;
  private final Answers answers;

  /**
   * @param whole the outermost query
   * @param tables opens the rows of tables, all of one view
   * @param answers answers an inner query over its rows
   */
  public RowOpener(Query whole, Tables tables, QueryRun run, Answers answers) {
    this.whole = whole;
    this.tables = tables;
    this.run = run;
    this.control = run.control();
    this.answers = answers;
  }

  /** Opens the rows of tables. */
  public interface Tables {
    /**
     * The rows of a table that show in some intervals, and perhaps more; the caller closes them.
     *
     * @throws StarfireException with NOT_FOUND if there is no such table
     */
    QueryRows open(String table, List<Interval> intervals);
  }

  /** Answers an inner query over its rows. */
  public interface Answers {
    /**
     * The answer.
     *
     * @param run on whose account it is
     */
    QueryResult of(AggregateQuery query, QueryRows rows, QueryRun run);
  }

  /**
   * The rows of the outermost query; the caller closes them.
   *
   * @throws StarfireException with NOT_FOUND if a table does not exist; INVALID_INPUT if a column
   *     does not; CAPACITY_EXCEEDED if what must be held in memory is too large; or as an inner
   *     query fails
   */
  public QueryRows open() {
    return open(whole);
  }

  private QueryRows open(Query query) {
    QueryRows rows = open(query.dataSource(), query, List.of());
    boolean fit = false;
    try {
      query.checkColumns(rows.columns().keySet());
      fit = true;
      return rows;
    } finally {
      if (!fit) {
        rows.close();
      }
    }
  }

  /**
   * @param prefixes of the joins whose left side it is
   */
  private QueryRows open(DataSource dataSource, Query query, List<String> prefixes) {
    if (dataSource instanceof DataSource.Table table) {
      return tables.open(table.name(), query.intervals());
    }
    if (dataSource instanceof DataSource.Union union) {
      return union(union, query);
    }
    return dataSource instanceof DataSource.Join join
        ? joined(join, query, prefixes)
        : inMemory(dataSource, query);
  }

  private QueryRows union(DataSource.Union union, Query query) {
    UnionRows rows = new UnionRows();
    boolean complete = false;
    try {
      for (DataSource.Table member : union.members()) {
        rows.add(tables.open(member.name(), query.intervals()));
      }
      complete = true;
      return rows;
    } finally {
      if (!complete) {
        rows.close();
      }
    }
  }

  private QueryRows inMemory(DataSource dataSource, Query query) {
    MemoryRows rows = rows(dataSource, query);
    if (!rows.isTimed() && query.intervals().stream().noneMatch(one -> one.contains(0))) {
      rows.close();
      throw QueryChecks.invalid(
          "%s has no column __time, so that all its rows are of 1970-01-01T00:00Z, and none lies in"
              + " the intervals of the query; use an interval such as 1970-01-01/3000-01-01",
          dataSource.text());
    }
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    columns.put(DataSourceSchema.TIME_COLUMN, ColumnType.LONG);
    rows.signature().forEach(column -> columns.put(column.name(), column.type()));
    RowSource source =
        new RowSource(dataSource.text(), rows.timeRange(), rows, List.of(Interval.ETERNITY));
    return new FewRows(
        List.of(new QueryRows.Visible(source, e -> e)),
        columns,
        QueryRows.withoutTime(columns),
        rows::close);
  }

  /** The rows of a data source that is held in memory. */
  private MemoryRows rows(DataSource dataSource, Query outer) {
    if (dataSource instanceof DataSource.Inline inline) {
      return ResultRows.of(inline, control);
    }
    if (dataSource instanceof DataSource.OfLookup lookup) {
      return ResultRows.of(control.lookups().named(lookup.lookup()), control);
    }
    if (dataSource instanceof DataSource.OfQuery inner) {
      return answer(inner.query(), outer);
    }
    throw new StarfireException(
        ErrorCode.INTERNAL, "%s is not held in memory".formatted(dataSource.text()));
  }

  private MemoryRows answer(Query inner, Query outer) {
    if (inner.context().starfireView().isPresent()
        || inner.context().starfirePublication().isPresent()) {
      throw QueryChecks.invalid(
          "a query inside of another reads the view of the outermost one; put starfireView or"
              + " starfirePublication into its context");
    }
    long limit =
        whole
            .context()
            .maxSubqueryRows()
            .orElse(
                inner instanceof GroupByQuery && outer instanceof GroupByQuery
                    ? Long.MAX_VALUE
                    : MAX_INNER_ROWS);
    try (QueryRows rows = open(inner)) {
      if (inner instanceof ScanQuery scan) {
        return ResultRows.of(scan, rows, limit, control);
      }
      AggregateQuery aggregate = (AggregateQuery) inner;
      QueryControl part = control.part();
      QueryResult answer = answers.of(aggregate, rows, run.with(part));
      MemoryRows made = ResultRows.of(aggregate, answer, limit, control);
      part.releaseAll();
      return made;
    }
  }

  private QueryRows joined(DataSource.Join join, Query query, List<String> prefixes) {
    List<String> later = new ArrayList<>(prefixes);
    later.add(join.prefix());
    List<AutoCloseable> opened = new ArrayList<>();
    boolean complete = false;
    try {
      MemoryRows right = rows(join.right(), query);
      opened.add(right);
      QueryControl ofTable = control.part();
      opened.add(ofTable::releaseAll);
      JoinTable table = new JoinTable(right, join.keys(), ofTable);
      QueryRows left = open(join.left(), query, later);
      opened.add(left);
      checkKeys(join, left);
      List<QueryRows.Visible> all = new ArrayList<>();
      List<Callable<JoinedRows>> joins = new ArrayList<>();
      for (QueryRows.Visible visible : left.all()) {
        joins.add(() -> join(visible, join, table, query, later));
      }
      List<JoinedRows> found = run.all(joins);
      opened.addAll(0, found);
      for (int i = 0; i < found.size(); i++) {
        QueryRows.Visible visible = left.all().get(i);
        RowSource source = visible.source();
        all.add(
            new QueryRows.Visible(
                new RowSource(source.id(), source.interval(), found.get(i), source.parts()),
                visible.onFailure()));
      }
      Map<String, ColumnType> columns = new LinkedHashMap<>(left.columns());
      right
          .signature()
          .forEach(column -> columns.put(join.prefix() + column.name(), column.type()));
      complete = true;
      return new FewRows(all, columns, QueryRows.withoutTime(columns), () -> closeAll(opened));
    } finally {
      if (!complete) {
        closeAll(opened);
      }
    }
  }

  private static void checkKeys(DataSource.Join join, QueryRows left) {
    for (DataSource.Join.Key key : join.keys()) {
      for (String column : key.left().columns()) {
        if (!left.columns().containsKey(column)) {
          throw QueryChecks.invalid(
              "the condition of a join names the column '%s', which %s does not have; its columns"
                  + " are %s",
              column, join.left().text(), String.join(", ", left.columns().keySet()));
        }
      }
    }
  }

  private JoinedRows join(
      QueryRows.Visible visible,
      DataSource.Join join,
      JoinTable table,
      Query query,
      List<String> prefixes) {
    RowSource source = visible.source();
    Joiner.Wanted wanted =
        new Joiner.Wanted(
            QueryEngine.clip(query.intervals(), source.parts()),
            filter(query),
            query.virtualColumns());
    try {
      return Joiner.join(source.rows(), join, table, wanted, prefixes, control);
    } catch (StarfireException e) {
      throw visible.onFailure().apply(e);
    }
  }

  private static @Nullable Filter filter(Query query) {
    if (query instanceof AggregateQuery aggregate) {
      return aggregate.filter();
    }
    if (query instanceof ScanQuery scan) {
      return scan.filter();
    }
    if (query instanceof SearchQuery search) {
      return search.filter();
    }
    return query instanceof TimeBoundaryQuery boundary ? boundary.filter() : null;
  }

  private static void closeAll(List<AutoCloseable> opened) {
    RuntimeException failure = null;
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (RuntimeException e) {
        failure = e;
      } catch (Exception e) {
        failure = new IllegalStateException(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
