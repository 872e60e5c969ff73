package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows themselves, read while they are sent: what is held in memory is a block of each column
 * of each row set that is being read, whatever the limit.
 *
 * <p>Ordered by {@code __time}, rows come in exactly that order over all row sets; the order of
 * rows with equal times is not defined, but the same each time as long as the view and the rows
 * are. Not ordered, rows come row set by row set. The offset and the limit count in that order.
 *
 * @param dataSource name
 * @param intervals where rows are taken from
 * @param columns in the order of the answer; empty for all that the data source has
 * @param filter which rows count; null for all
 * @param format of the events
 * @param batchSize rows in one element of the answer, at most; at least 1
 * @param offset rows that are left out at the beginning; at or above 0
 * @param limit rows at most, after the offset; 0 for all
 * @param order by time
 * @param context settings that do not change what is asked
 */
public record ScanQuery(
    String dataSource,
    List<Interval> intervals,
    List<String> columns,
    Filter filter,
    Format format,
    int batchSize,
    long offset,
    long limit,
    Order order,
    QueryContext context)
    implements Query {
  /** Druid's batch size for a query that names none. */
  public static final int DEFAULT_BATCH_SIZE = 20_480;

  /** How a row looks in the answer. */
  public enum Format {
    /** An object with a field for each column. */
    LIST,
    /** An array of the values, in the order of the columns. */
    COMPACTED_LIST
  }

  /** By {@code __time}. */
  public enum Order {
    NONE,
    ASCENDING,
    DESCENDING
  }

  public ScanQuery {
    QueryChecks.checkDataSource(dataSource);
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
