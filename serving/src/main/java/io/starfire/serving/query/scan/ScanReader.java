package io.starfire.serving.query.scan;

import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.ScanQuery;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a scan, one after the other, in its order and within its offset and limit. They are
 * read while they are taken, and only while the sources are open. Used by one thread at a time.
 */
public final class ScanReader {
  private final ScanQuery query;
  private final List<ScanColumn> columns;
  private final RowFeed feed;
  private boolean begun;
  private long taken;

  /**
   * Reads nothing yet.
   *
   * @param known all columns of the data source with their types, in order
   * @param sources that show in the query's view
   * @param onFailure makes the exception that says which source could not be read
   */
  public ScanReader(
      ScanQuery query,
      Map<String, ColumnType> known,
      List<RowSource> sources,
      QueryControl control,
      BiFunction<RowSource, StarfireException, StarfireException> onFailure) {
    this.query = query;
    this.columns = ScanColumn.of(query, known);
    this.feed = RowFeed.of(query, columns, sources, control, onFailure);
  }

  /** What each row has, in order. */
  public List<ScanColumn> columns() {
    return columns;
  }

  /** Rows that were looked at so far. */
  public long rowsScanned() {
    return feed.rowsScanned();
  }

  /**
   * The values of the next row: of each column null, a Long, a Double, a String or a List of
   * Strings, as its type says. Null at the end.
   */
  public @Nullable Object @Nullable [] next() {
    if (!begun) {
      begun = true;
      for (long skipped = 0; skipped < query.offset(); skipped++) {
        if (feed.next() == null) {
          taken = Long.MAX_VALUE;
          return null;
        }
      }
    }
    RowCursor row = taken >= limit() ? null : feed.next();
    if (row == null) {
      taken = Long.MAX_VALUE;
      return null;
    }
    taken++;
    @Nullable Object[] values = new Object[columns.size()];
    for (int column = 0; column < values.length; column++) {
      ColumnType type = columns.get(column).type();
      Object value = row.value(column);
      values[column] = type == ColumnType.COMPLEX ? value : DerivedType.cast(type, value);
    }
    return values;
  }

  private long limit() {
    return query.limit() == 0 ? Long.MAX_VALUE : query.limit();
  }
}
