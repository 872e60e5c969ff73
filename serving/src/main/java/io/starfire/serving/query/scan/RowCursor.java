package io.starfire.serving.query.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.compute.DerivedRows;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.VirtualColumns;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one source that a query counts, one after the other, with their times and values. Not
 * thread-safe.
 */
public abstract class RowCursor {
  private final RowSource source;
  private final Settings settings;
  private final ColumnWriter[] writers;
  private final DerivedRows rows;

  /**
   * What all cursors of a query share.
   *
   * @param filter null for all rows
   * @param intervals of the query
   * @param columns that can be written
   * @param virtualColumns that the query computes
   * @param onFailure makes the exception that says which source could not be read
   */
  public record Settings(
      @Nullable Filter filter,
      List<Interval> intervals,
      List<ScanColumn> columns,
      VirtualColumns virtualColumns,
      QueryControl control,
      BiFunction<RowSource, StarfireException, StarfireException> onFailure) {}

  RowCursor(RowSource source, Settings settings) {
    this.source = source;
    this.settings = settings;
    this.rows = new DerivedRows(source.rows(), settings.virtualColumns, settings.control);
    this.writers = new ColumnWriter[settings.columns.size()];
  }

  /** A cursor that reads rows as they are stored, forward, or backward. */
  public static RowCursor stored(RowSource source, Settings settings, boolean backward) {
    return new StoredOrderCursor(source, settings, backward);
  }

  /** A cursor whose times go up, or down. */
  static RowCursor byTime(RowSource source, Settings settings, boolean descending) {
    return source.rows().sortedByTime()
        ? new StoredOrderCursor(source, settings, descending)
        : new TimeOrderCursor(source, settings, descending);
  }

  final RowSource source() {
    return source;
  }

  final QueryControl control() {
    return settings.control;
  }

  /** Where rows of the source count: the query's intervals, as far as the source shows there. */
  final List<Interval> visibleIntervals() {
    return QueryEngine.clip(settings.intervals, source.parts());
  }

  final RowSelector selector() {
    return new RowSelector(
        new FilterCompiler(rows, settings.control), settings.filter, visibleIntervals());
  }

  /** Goes to the next row; false at the end. */
  public final boolean next() {
    try {
      boolean found = advance();
      if (!found) {
        rows.close();
      }
      return found;
    } catch (StarfireException e) {
      throw settings.onFailure.apply(source, e);
    }
  }

  /** Writes a value of the row at hand. */
  final void write(JsonGenerator json, int column) throws IOException {
    try {
      write(writer(column), json);
    } catch (StarfireException e) {
      throw settings.onFailure.apply(source, e);
    }
  }

  /** A value of the row at hand: null, a Long, a Double, a String or a List of Strings. */
  final @Nullable Object value(int column) {
    try {
      return value(writer(column));
    } catch (StarfireException e) {
      throw settings.onFailure.apply(source, e);
    }
  }

  private ColumnWriter writer(int column) {
    if (writers[column] == null) {
      writers[column] = ColumnWriter.of(rows.column(settings.columns.get(column).name()));
    }
    return writers[column];
  }

  abstract boolean advance();

  /** The time of the row at hand. */
  public abstract long timeMillis();

  abstract void write(ColumnWriter writer, JsonGenerator json) throws IOException;

  abstract @Nullable Object value(ColumnWriter writer);

  /** Memory that the cursor holds, in bytes, once it is at its first row. */
  long bytes() {
    return writers.length * ColumnWriter.BYTES;
  }

  /** Rows that were looked at. */
  abstract long rowsScanned();
}
