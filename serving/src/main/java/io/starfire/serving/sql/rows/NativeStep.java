package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.broker.QuerySession;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.TopNQuery;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native query.
 *
 * @param query that is asked
 * @param json the same as text
 * @param outputs what each row has
 * @param feed the rows that it reads, if they are given by another step; then its data source is
 *     only a place for them
 */
public record NativeStep(Query query, ObjectNode json, List<Output> outputs, @Nullable Feed feed)
    implements Step {
  /**
   * Rows of another step as a data source.
   *
   * @param columns names and types of those of its columns that are read
   * @param places where they are in its rows; -1 for a column that only counts them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Feed(Step step, List<DataSource.Inline.Column> columns, int[] places) {}

  @Override
  public JsonNode describe() {
    if (feed == null) {
      return json;
    }
    ObjectNode described = json.deepCopy();
    described.set("dataSource", feed.step.describe());
    return described;
  }

  @Override
  public RowStream open(Execution execution) {
    Query asked = feed == null ? query : over(query, read(feed, execution));
    if (asked instanceof ScanQuery scan) {
      return new ScanStream(execution.queries().scan(scan), outputs);
    }
    QueryResult result = execution.queries().run((AggregateQuery) asked);
    return new ResultStream(result, outputs);
  }

  private static DataSource.Inline read(Feed feed, Execution execution) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (RowStream stream = feed.step.open(execution)) {
      for (@Nullable Object[] row = stream.next(); row != null; row = stream.next()) {
        List<@Nullable Object> values = new ArrayList<>(feed.places.length);
        for (int i = 0; i < feed.places.length; i++) {
          String type = feed.columns.get(i).type().name();
          values.add(feed.places[i] < 0 ? (Object) 0L : Values.as(row[feed.places[i]], type));
        }
        execution.hold(values.toArray());
        rows.add(values);
      }
    }
    return new DataSource.Inline(feed.columns, rows);
  }

  /** The query over other rows. */
  private static Query over(Query query, DataSource rows) {
    if (query instanceof GroupByQuery one) {
      return new GroupByQuery(
          rows,
          one.intervals(),
          one.granularity(),
          one.dimensions(),
          one.filter(),
          one.aggregations(),
          one.postAggregations(),
          one.having(),
          one.limitSpec(),
          one.context(),
          one.virtualColumns(),
          one.subtotals());
    }
    if (query instanceof TimeseriesQuery one) {
      return new TimeseriesQuery(
          rows,
          one.intervals(),
          one.granularity(),
          one.filter(),
          one.aggregations(),
          one.postAggregations(),
          one.descending(),
          one.limit(),
          one.context(),
          one.virtualColumns());
    }
    if (query instanceof TopNQuery one) {
      return new TopNQuery(
          rows,
          one.intervals(),
          one.granularity(),
          one.dimension(),
          one.metric(),
          one.threshold(),
          one.filter(),
          one.aggregations(),
          one.postAggregations(),
          one.context(),
          one.virtualColumns());
    }
    throw new StarfireException(ErrorCode.INTERNAL, "a query of this type reads no given rows");
  }

  /** The type of a column that can be given to a native query; null if there is none. */
  public static @Nullable ColumnType columnType(String nativeType) {
    return switch (nativeType) {
      case "LONG" -> ColumnType.LONG;
      case "DOUBLE" -> ColumnType.DOUBLE;
      case "STRING", "ARRAY<STRING>" -> ColumnType.STRING;
      default -> null;
    };
  }

  private static int[] places(List<Output> outputs, List<String> names) {
    return outputs.stream()
        .mapToInt(output -> output.column() == null ? -1 : names.indexOf(output.column()))
        .toArray();
  }

  private static final class ScanStream implements RowStream {
    private final QuerySession.Rows rows;
    private final List<Output> outputs;
    private final int[] places;
    private Iterator<@Nullable Object[]> read = List.<@Nullable Object[]>of().iterator();

    ScanStream(QuerySession.Rows rows, List<Output> outputs) {
      this.rows = rows;
      this.outputs = outputs;
      this.places = NativeStep.places(outputs, rows.columns());
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (!read.hasNext()) {
        read = rows.next().iterator();
        if (!read.hasNext()) {
          return null;
        }
      }
      @Nullable Object[] from = read.next();
      @Nullable Object[] row = new Object[places.length];
      for (int i = 0; i < row.length; i++) {
        Output output = outputs.get(i);
        row[i] =
            places[i] < 0
                ? output.constant()
                : Values.as(Values.ofNative(from[places[i]]), output.nativeType());
      }
      return row;
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private static final class ResultStream implements RowStream {
    private final Iterator<ResultRow> rows;
    private final List<Output> outputs;
    private final int[] places;

    ResultStream(QueryResult result, List<Output> outputs) {
      this.rows = result.rows().iterator();
      this.outputs = outputs;
      this.places = NativeStep.places(outputs, result.names());
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (!rows.hasNext()) {
        return null;
      }
      ResultRow from = rows.next();
      @Nullable Object[] row = new Object[places.length];
      for (int i = 0; i < row.length; i++) {
        Output output = outputs.get(i);
        row[i] =
            output.isTime()
                ? from.timeMillis()
                : places[i] < 0
                    ? output.constant()
                    : Values.as(Values.ofNative(from.values().get(places[i])), output.nativeType());
      }
      return row;
    }
  }
}
