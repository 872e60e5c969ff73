package io.starfire.serving.query.source;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.OutputType;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.SketchValue;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultRow;
import io.starfire.serving.query.scan.ScanColumn;
import io.starfire.serving.query.scan.ScanRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes rows in memory of what holds them in another form. Stateless. */
final class ResultRows {
  private ResultRows() {}

  /** The rows of a query's own. */
  static MemoryRows of(DataSource.Inline inline, QueryControl control) {
    MemoryRows.Builder rows = new MemoryRows.Builder(inline.columns(), control);
    inline.rows().forEach(rows::add);
    return rows.build();
  }

  /** The pairs of a lookup, as columns {@code k} and {@code v}. */
  static MemoryRows of(Map<String, String> lookup, QueryControl control) {
    MemoryRows.Builder rows =
        new MemoryRows.Builder(
            List.of(
                new DataSource.Inline.Column("k", ColumnType.STRING),
                new DataSource.Inline.Column("v", ColumnType.STRING)),
            control);
    lookup.forEach((key, value) -> rows.add(Arrays.asList(key, value)));
    return rows.build();
  }

  /**
   * The answer of an inner query: its outputs, and the start of each row's time bucket as {@code
   * __time}, unless an output has that name.
   *
   * @param limit the largest number of rows
   */
  static MemoryRows of(AggregateQuery query, QueryResult answer, long limit, QueryControl control) {
    checkLimit(answer.rows().size(), limit);
    Outputs outputs = new Outputs(query);
    boolean isTimed = answer.names().contains(DataSourceSchema.TIME_COLUMN);
    List<DataSource.Inline.Column> signature = new ArrayList<>();
    if (!isTimed) {
      signature.add(new DataSource.Inline.Column(DataSourceSchema.TIME_COLUMN, ColumnType.LONG));
    }
    for (String name : answer.names()) {
      // The one name that is no output is that of the time.
      ColumnType type = outputs.has(name) ? type(outputs.output(name)) : ColumnType.LONG;
      if (name.equals(DataSourceSchema.TIME_COLUMN) && type != ColumnType.LONG) {
        throw QueryChecks.invalid(
            "an inner query has an output __time of type %s; as the time of its rows it must be"
                + " LONG",
            type);
      }
      if (type == ColumnType.COMPLEX) {
        throw QueryChecks.invalid(
            "an inner query has an output '%s' that is a sketch or an object; the query over it can"
                + " read numbers and texts only",
            name);
      }
      signature.add(new DataSource.Inline.Column(name, type));
    }
    MemoryRows.Builder rows = new MemoryRows.Builder(signature, control);
    for (ResultRow row : answer.rows()) {
      List<Object> values = new ArrayList<>(signature.size());
      if (!isTimed) {
        values.add(row.timeMillis());
      }
      for (Object value : row.values()) {
        values.add(finished(value, signature.get(values.size()).type()));
      }
      rows.add(values);
    }
    return rows.build();
  }

  /** An array is a column of texts with several values. */
  private static ColumnType type(OutputType output) {
    return output.element() == null ? output.type() : ColumnType.STRING;
  }

  /** The estimate of a sketch that the inner query shows in another form. */
  private static @Nullable Object finished(@Nullable Object value, ColumnType type) {
    if (value instanceof Object[] elements) {
      return Arrays.stream(elements).map(one -> one == null ? null : one.toString()).toList();
    }
    if (value instanceof SketchValue sketch) {
      return type == ColumnType.LONG ? (Object) Math.round(sketch.number()) : sketch.number();
    }
    return value instanceof Map<?, ?> withBounds ? withBounds.get("estimate") : value;
  }

  /**
   * The rows of an inner scan.
   *
   * @param rows that it reads
   * @param limit the largest number of rows
   */
  static MemoryRows of(ScanQuery query, QueryRows rows, long limit, QueryControl control) {
    List<ScanColumn> columns = ScanColumn.of(query, rows.columns());
    MemoryRows.Builder built =
        new MemoryRows.Builder(
            columns.stream()
                .map(column -> new DataSource.Inline.Column(column.name(), column.type()))
                .toList(),
            control);
    ScanRows.read(
        query,
        columns,
        rows.sources(),
        control,
        rows::failed,
        row -> {
          checkLimit(built.size() + 1L, limit);
          built.add(row);
        });
    return built.build();
  }

  /**
   * Refuses rows that are too many.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED
   */
  static void checkLimit(long rows, long limit) {
    if (rows > limit) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "an inner query has more than %,d rows; use a filter or a limit in it, or set context.maxSubqueryRows"
              .formatted(limit));
    }
  }
}
