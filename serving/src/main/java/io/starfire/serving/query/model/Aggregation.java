package io.starfire.serving.query.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param fieldName the column it reads; null if its kind reads none
 * @param filter which of the query's rows it takes; null means all
 * @param settings those of the kind's that are given, by name: a String or an Integer each
 */
public record Aggregation(
    AggregationKind kind,
    String name,
    @Nullable String fieldName,
    @Nullable Filter filter,
    Map<String, Object> settings) {
  private static final String TIME = "__time";

  public Aggregation {
    if (name == null || name.isEmpty()) {
      throw QueryChecks.invalid("an aggregation of type %s must have a name", kind.jsonName());
    }
    if (!kind.readsColumn() && fieldName != null) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s reads no column and has no fieldName, got '%s'",
          name, kind.jsonName(), fieldName);
    }
    if (kind.readsColumn() && (fieldName == null || fieldName.isEmpty())) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s must name a column as fieldName", name, kind.jsonName());
    }
    Map<String, Object> checked = new LinkedHashMap<>();
    for (AggregationKind.Setting setting : kind.settings()) {
      Object value = settings.get(setting.name());
      if (value != null) {
        check(name, setting, value);
        checked.put(setting.name(), value);
      }
    }
    settings = Map.copyOf(checked);
  }

  private static void check(String name, AggregationKind.Setting setting, Object value) {
    boolean fits = setting.isColumn() ? value instanceof String : value instanceof Integer;
    if (!fits || (value instanceof Integer number && number < 1)) {
      throw QueryChecks.invalid(
          "%s of aggregation '%s' must be %s, got %s",
          setting.name(), name, setting.isColumn() ? "a column" : "a whole number above 0", value);
    }
  }

  /** An aggregate over all rows of the query, without settings. */
  public Aggregation(AggregationKind kind, String name, @Nullable String fieldName) {
    this(kind, name, fieldName, null, Map.of());
  }

  /** The same aggregate over only those rows that {@code other} matches too. */
  public Aggregation filtered(Filter other) {
    Filter both = filter == null ? other : new Filter.And(List.of(other, filter));
    return new Aggregation(kind, name, fieldName, both, settings);
  }

  /** A setting that names a column. */
  public String column(String setting, String absent) {
    return (String) settings.getOrDefault(setting, absent);
  }

  /** A setting that is a number. */
  public int number(String setting, int absent) {
    return (Integer) settings.getOrDefault(setting, absent);
  }

  /** Adds the names of all columns that are read. */
  void collectColumns(Set<String> columns) {
    if (fieldName != null) {
      columns.add(fieldName);
    }
    for (AggregationKind.Setting setting : kind.settings()) {
      if (setting.isColumn() && !column(setting.name(), TIME).equals(TIME)) {
        columns.add(column(setting.name(), TIME));
      }
    }
    if (filter != null) {
      filter.collectColumns(columns);
    }
  }
}
