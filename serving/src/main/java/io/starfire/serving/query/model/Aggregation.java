package io.starfire.serving.query.model;

import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.SketchSettings;
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
 * @param settings those of the kind's that are given, by name: a String, an Integer, a Long, a
 *     Boolean or a List of Strings each
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
    settings = Map.copyOf(withSketch(kind, name, checked));
  }

  private static void check(String name, AggregationKind.Setting setting, Object value) {
    boolean fits =
        switch (setting.form()) {
          case COLUMN, TEXT -> value instanceof String;
          case COLUMNS, TEXTS, NAMES, OF_QUERY -> value instanceof List<?>;
          case WHOLE -> value instanceof Integer number && number >= 1;
          case FLAG -> value instanceof Boolean;
          case OF_SKETCH -> true;
        };
    if (!fits) {
      throw QueryChecks.invalid(
          "%s of aggregation '%s' must be %s, got %s",
          setting.name(),
          name,
          switch (setting.form()) {
            case COLUMN -> "a column";
            case COLUMNS, NAMES -> "a list of columns";
            case WHOLE -> "a whole number above 0";
            case FLAG -> "true or false";
            case TEXTS -> "a list of texts";
            default -> "a text";
          },
          value);
    }
  }

  private static Map<String, Object> withSketch(
      AggregationKind kind, String name, Map<String, Object> settings) {
    Map<String, Object> ofSketch = new LinkedHashMap<>(settings);
    ofSketch.keySet().retainAll(SketchSettings.names(kind.jsonName()));
    try {
      settings.putAll(SketchSettings.checked(kind.jsonName(), ofSketch));
    } catch (StarfireException e) {
      throw QueryChecks.invalid("aggregation '%s': %s", name, e.getMessage());
    }
    return settings;
  }

  /** The type of its result. */
  public ColumnType type() {
    return flag(SketchSettings.ROUND) ? ColumnType.LONG : kind.type();
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

  /** The same aggregate with a result of another type. */
  public Aggregation giving(OutputType result) {
    return new Aggregation(kind.giving(result), name, fieldName, filter, settings);
  }

  /** What its result is. */
  OutputType output() {
    return new OutputType(type(), kind.sketchKind(), kind.element());
  }

  /** The same aggregate in a subtotal of a groupBy, which has these dimensions. */
  Aggregation inSubtotal(List<String> outputs) {
    if (!kind.jsonName().equals(AggregationKind.GROUPING)) {
      return this;
    }
    Map<String, Object> longer = new LinkedHashMap<>(settings);
    longer.put(AggregationKind.KEY_DIMENSIONS, List.copyOf(outputs));
    return new Aggregation(kind, name, fieldName, filter, longer);
  }

  /**
   * Refuses one that tells dimensions apart which the query does not have.
   *
   * @param outputs those of the query's dimensions
   */
  void checkGroupings(List<String> outputs) {
    if (settings.containsKey(AggregationKind.KEY_DIMENSIONS)) {
      return;
    }
    for (String grouping : columns(AggregationKind.GROUPINGS)) {
      if (!outputs.contains(grouping)) {
        throw QueryChecks.invalid(
            "aggregation '%s' of type grouping names '%s', which is not the output of a dimension;"
                + " those are %s",
            name, grouping, outputs.isEmpty() ? "none" : String.join(", ", outputs));
      }
    }
  }

  /** A setting that is a text; null if it is not given. */
  public @Nullable String text(String setting) {
    return (String) settings.get(setting);
  }

  /** A setting that names a column. */
  public String column(String setting, String absent) {
    return (String) settings.getOrDefault(setting, absent);
  }

  /** A setting that is a list, such as one that names columns. */
  public List<String> columns(String setting) {
    return settings.get(setting) instanceof List<?> names
        ? names.stream().map(String.class::cast).toList()
        : List.of();
  }

  /** Whether a setting is given and true. */
  public boolean flag(String setting) {
    return flag(setting, false);
  }

  public boolean flag(String setting, boolean absent) {
    return (Boolean) settings.getOrDefault(setting, absent);
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
      if (setting.form() == AggregationKind.Form.COLUMNS
          || setting.form() == AggregationKind.Form.NAMES) {
        columns.addAll(columns(setting.name()));
      }
    }
    if (filter != null) {
      filter.collectColumns(columns);
    }
  }
}
