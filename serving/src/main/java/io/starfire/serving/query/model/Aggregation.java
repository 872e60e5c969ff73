package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a query. Over no values (no row, or only nulls) a count is 0, and everything
 * else is null, as in Druid's SQL-compatible mode. Immutable.
 *
 * <p>First and last take the row with the smallest or largest time, even if its value is null. If
 * several rows have that time, a value wins over a null; then first takes the smallest value, and
 * last the largest. Each value of a row with several values counts as one. So the answer never
 * depends on the order in which rows are stored. Rows without time are ignored.
 *
 * @param kind the kind of aggregate
 * @param name its name in the result
 * @param fieldName the column it reads; null for a count
 * @param filter which of the query's rows it takes; null means all
 * @param timeColumn the column by which first and last order rows; null for other kinds
 * @param maxStringBytes the largest length of text in UTF-8 bytes, inclusive; longer text is cut
 *     between two characters; 0 means no limit
 */
public record Aggregation(
    Kind kind,
    String name,
    @Nullable String fieldName,
    @Nullable Filter filter,
    @Nullable String timeColumn,
    int maxStringBytes) {
  private static final String TIME = "__time";

  public Aggregation {
    if (name == null || name.isEmpty()) {
      throw QueryChecks.invalid("an aggregation of type %s must have a name", kind.jsonName());
    }
    if (kind == Kind.COUNT && fieldName != null) {
      throw QueryChecks.invalid(
          "aggregation '%s' counts rows and has no fieldName, got '%s'", name, fieldName);
    }
    if (kind != Kind.COUNT && (fieldName == null || fieldName.isEmpty())) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s must name a column as fieldName", name, kind.jsonName());
    }
    if (maxStringBytes < 0) {
      throw QueryChecks.invalid(
          "maxStringBytes of aggregation '%s' must be above 0, got %d", name, maxStringBytes);
    }
    timeColumn = kind.isByTime() && timeColumn == null ? TIME : timeColumn;
  }

  /** An aggregate over all rows of the query; first and last go by {@code __time}. */
  public Aggregation(Kind kind, String name, @Nullable String fieldName) {
    this(kind, name, fieldName, null, null, 0);
  }

  /** The same aggregate over only those rows that {@code other} matches too. */
  public Aggregation filtered(Filter other) {
    Filter both = filter == null ? other : new Filter.And(List.of(other, filter));
    return new Aggregation(kind, name, fieldName, both, timeColumn, maxStringBytes);
  }

  /** Adds the names of all columns that are read. */
  void collectColumns(Set<String> columns) {
    if (fieldName != null) {
      columns.add(fieldName);
    }
    if (timeColumn != null && !timeColumn.equals(TIME)) {
      columns.add(timeColumn);
    }
    if (filter != null) {
      filter.collectColumns(columns);
    }
  }

  /** The kinds. COUNT counts rows after rollup; to count events, sum the count column. */
  public enum Kind {
    COUNT("count", ColumnType.LONG),
    LONG_SUM("longSum", ColumnType.LONG),
    LONG_MIN("longMin", ColumnType.LONG),
    LONG_MAX("longMax", ColumnType.LONG),
    DOUBLE_SUM("doubleSum", ColumnType.DOUBLE),
    DOUBLE_MIN("doubleMin", ColumnType.DOUBLE),
    DOUBLE_MAX("doubleMax", ColumnType.DOUBLE),
    /** The sum divided by the number of values that are not null. */
    DOUBLE_MEAN("doubleMean", ColumnType.DOUBLE),
    LONG_FIRST("longFirst", ColumnType.LONG),
    LONG_LAST("longLast", ColumnType.LONG),
    DOUBLE_FIRST("doubleFirst", ColumnType.DOUBLE),
    DOUBLE_LAST("doubleLast", ColumnType.DOUBLE),
    STRING_FIRST("stringFirst", ColumnType.STRING),
    STRING_LAST("stringLast", ColumnType.STRING);

    private final String jsonName;
    private final ColumnType type;

    Kind(String jsonName, ColumnType type) {
      this.jsonName = jsonName;
      this.type = type;
    }

    /** Its {@code type} in a query. */
    public String jsonName() {
      return jsonName;
    }

    /** The type of its result. */
    public ColumnType type() {
      return type;
    }

    /** Whether it is a first or last, which keep a time and a value. */
    public boolean isByTime() {
      return isFirst() || this == LONG_LAST || this == DOUBLE_LAST || this == STRING_LAST;
    }

    public boolean isFirst() {
      return this == LONG_FIRST || this == DOUBLE_FIRST || this == STRING_FIRST;
    }

    /**
     * The kind with a name. Kinds of floats are those of doubles: values are computed as doubles.
     */
    public static Optional<Kind> named(String jsonName) {
      String name = jsonName.startsWith("float") ? "double" + jsonName.substring(5) : jsonName;
      return jsonName.equals("floatMean")
          ? Optional.empty()
          : Arrays.stream(values()).filter(kind -> kind.jsonName.equals(name)).findFirst();
    }
  }
}
