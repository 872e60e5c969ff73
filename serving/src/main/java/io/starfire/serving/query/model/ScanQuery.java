package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for rows. They are read while they are sent: memory holds a block of each column of each row
 * set that is being read, whatever the limit.
 *
 * <p>With an order, rows are sorted by {@code __time} over all row sets. The order of rows with
 * equal times is not defined, but it is the same as long as the view and the rows are. Without an
 * order, rows come row set by row set. Offset and limit count in this order.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param columns in the order of the answer; empty means all columns of the data source
 * @param filter which rows count; null means all
 * @param format of the events
 * @param batchSize the largest number of rows in one element of the answer; at least 1
 * @param offset how many rows are left out at the start; at least 0
 * @param limit the largest number of rows, after the offset; 0 means no limit
 * @param order by time
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record ScanQuery(
    DataSource dataSource,
    List<Interval> intervals,
    List<String> columns,
    @Nullable Filter filter,
    Format format,
    int batchSize,
    long offset,
    long limit,
    Order order,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements Query {
  /** Druid's batch size for a query that names none. */
  public static final int DEFAULT_BATCH_SIZE = 20_480;

  /** The form of a row in the answer. */
  public enum Format {
    /** An object with a field for each column. */
    LIST,
    /** An array of the values, in the order of the columns. */
    COMPACTED_LIST
  }

  /** The order by {@code __time}. */
  public enum Order {
    NONE,
    ASCENDING,
    DESCENDING
  }

  public ScanQuery {
    intervals = QueryChecks.condense(intervals);
    columns = List.copyOf(columns);
    Set<String> names = new LinkedHashSet<>();
    for (String column : columns) {
      if (!names.add(column)) {
        throw QueryChecks.invalid("columns names '%s' twice; name it once", column);
      }
    }
    if (batchSize < 1 || offset < 0 || limit < 0) {
      throw QueryChecks.invalid(
          "a scan needs a batchSize of at least 1, an offset and a limit at or above 0; got %d, %d"
              + " and %d",
          batchSize, offset, limit);
    }
  }

  @Override
  public Set<String> requiredColumns() {
    Set<String> required = new LinkedHashSet<>(columns);
    if (filter != null) {
      filter.collectColumns(required);
    }
    return required;
  }
}
