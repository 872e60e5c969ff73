package io.starfire.serving.query.scan;

import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.ScanQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a scan that stands inside of another query. Stateless. */
public final class ScanRows {
  private ScanRows() {}

  /**
   * Reads the rows, in the order of the scan and within its offset and limit.
   *
   * @param columns that each row has, in order
   * @param sources that show in the query's view
   * @param onFailure makes the exception that says which source could not be read
   * @param take gets each row: of each column null, a Long, a Double, a String or a List of
   *     Strings, as its type says
   */
  public static void read(
      ScanQuery query,
      List<ScanColumn> columns,
      List<RowSource> sources,
      QueryControl control,
      BiFunction<RowSource, StarfireException, StarfireException> onFailure,
      Consumer<List<@Nullable Object>> take) {
    if (columns.stream().anyMatch(column -> column.type() == ColumnType.COMPLEX)) {
      throw QueryChecks.complex("a query over the answer of a scan");
    }
    RowFeed feed = RowFeed.of(query, columns, sources, control, onFailure);
    for (long skipped = 0; skipped < query.offset(); skipped++) {
      if (feed.next() == null) {
        return;
      }
    }
    long limit = query.limit() == 0 ? Long.MAX_VALUE : query.limit();
    for (long taken = 0; taken < limit; taken++) {
      RowCursor row = feed.next();
      if (row == null) {
        return;
      }
      List<@Nullable Object> values = new ArrayList<>(columns.size());
      for (int column = 0; column < columns.size(); column++) {
        values.add(DerivedType.cast(columns.get(column).type(), row.value(column)));
      }
      take.accept(values);
    }
  }
}
